// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver.h"
#include "servervaluetypes.h"

#include <QtCore/qurl.h>
#include <QtQml/qjsvalue.h>
#include <QtQml/qqmlparserstatus.h>

namespace Dispatch {

/// DispatchServer as QML sees it: listens while \c active is wished for, and not before the
/// component is complete.
class QmlServer : public DispatchServer, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged)
    Q_PROPERTY(QString address READ wantedAddress WRITE setWantedAddress NOTIFY addressChanged)
    Q_PROPERTY(int port READ currentPort WRITE setWantedPort NOTIFY portChanged)
    Q_PROPERTY(
        QString sharedSecret READ sharedSecret WRITE setSharedSecret NOTIFY sharedSecretChanged)
    Q_PROPERTY(QUrl certificateFile READ certificateFile WRITE setCertificateFile NOTIFY
                   certificateFileChanged)
    Q_PROPERTY(QUrl keyFile READ keyFile WRITE setKeyFile NOTIFY keyFileChanged)
    Q_PROPERTY(QUrl webFolder READ webFolderUrl WRITE setWebFolderUrl NOTIFY webFolderChanged)
    Q_PROPERTY(QString errorString READ lastError NOTIFY errorStringChanged)
    QML_NAMED_ELEMENT(DispatchServer)

public:
    explicit QmlServer(QObject *parent = nullptr);
    ~QmlServer() override;

    void classBegin() override;
    void componentComplete() override;

    /// The wish; listening is the fact.
    bool isActive() const;
    void setActive(bool active);
    /// An IP address of this machine; "127.0.0.1" by default, "0.0.0.0" lets the network in. Takes
    /// effect with the next listen(), as all that follows.
    QString wantedAddress() const;
    void setWantedAddress(const QString &address);
    /// The port that is listened on, else the one that is wished for; 0, the default, takes a free
    /// one.
    int currentPort() const;
    void setWantedPort(int port);
    /// The secret of HS256 tokens for DispatchClient.identify(), at least 32 bytes of UTF-8.
    /// Without one each token is refused.
    QString sharedSecret() const;
    void setSharedSecret(const QString &secret);
    /// A certificate with its chain, and its private key (file: or qrc:, PEM), to speak TLS with;
    /// give them by Qt.resolvedUrl(). Without them the server speaks none.
    QUrl certificateFile() const;
    void setCertificateFile(const QUrl &file);
    QUrl keyFile() const;
    void setKeyFile(const QUrl &file);
    /// A folder of files for browsers (file: or qrc:), see DispatchServer::setWebFolder(); give it
    /// by Qt.resolvedUrl().
    QUrl webFolderUrl() const;
    void setWebFolderUrl(const QUrl &folder);
    QString lastError() const;

    /// Sets active, and says whether the server lets clients in now. One that drains does not; it
    /// listens again when it has drained.
    Q_INVOKABLE bool listen();
    /// Clears active.
    Q_INVOKABLE void close();
    /// Clears active; the server stops with drained(). If active is set before that, it starts
    /// again then.
    Q_INVOKABLE void drain();
    /// An object with the fields of DispatchServerStatistics.
    Q_INVOKABLE QJSValue statistics() const;

Q_SIGNALS:
    void activeChanged();
    void addressChanged();
    void portChanged();
    void sharedSecretChanged();
    void certificateFileChanged();
    void keyFileChanged();
    void webFolderChanged();
    void errorStringChanged();

private:
    bool start();
    bool listenAsWished();
    bool fail(const QString &message);
    bool wish(bool active);

    bool m_complete = true; ///< unless a component is making it
    bool m_active = false;
    QString m_address;
    int m_port = 0;
    QString m_sharedSecret;
    QUrl m_certificateFile;
    QUrl m_keyFile;
    QUrl m_webFolder;
    QString m_error; ///< ours; the base has its own
};

} // namespace Dispatch
