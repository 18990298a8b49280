// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmlserver.h"

#include "dispatchtokenverifier.h"

#include <QtCore/qmetaobject.h>
#include <QtQml/qjsengine.h>
#include <QtQml/qqmlfile.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch {

QmlServer::QmlServer(QObject *parent)
    : DispatchServer(parent)
    , m_address(u"127.0.0.1"_s)
{
    connect(this, &DispatchServer::listeningChanged, this, &QmlServer::portChanged);
    connect(this, &DispatchServer::errorOccurred, this, &QmlServer::errorStringChanged);
    connect(this, &DispatchServer::drained, this, [this] {
        if (m_active) // wished for since
            start();
    });
}

QmlServer::~QmlServer()
{
    // While those who hear of it still find all of this object.
    DispatchServer::close();
}

void QmlServer::classBegin()
{
    m_complete = false;
}

void QmlServer::componentComplete()
{
    m_complete = true;
    if (m_active)
        start();
}

bool QmlServer::isActive() const
{
    return m_active;
}

void QmlServer::setActive(bool active)
{
    if (m_active == active)
        return;
    wish(active);
    if (!m_complete)
        return;
    if (active)
        start();
    else
        DispatchServer::close();
}

void QmlServer::wish(bool active)
{
    if (std::exchange(m_active, active) != active)
        Q_EMIT activeChanged();
}

QString QmlServer::wantedAddress() const
{
    return m_address;
}

void QmlServer::setWantedAddress(const QString &address)
{
    if (std::exchange(m_address, address) != address)
        Q_EMIT addressChanged();
}

int QmlServer::currentPort() const
{
    return isListening() ? port() : m_port;
}

void QmlServer::setWantedPort(int port)
{
    const int before = currentPort();
    m_port = port;
    if (currentPort() != before)
        Q_EMIT portChanged();
}

QString QmlServer::sharedSecret() const
{
    return m_sharedSecret;
}

void QmlServer::setSharedSecret(const QString &secret)
{
    if (std::exchange(m_sharedSecret, secret) != secret)
        Q_EMIT sharedSecretChanged();
}

QUrl QmlServer::certificateFile() const
{
    return m_certificateFile;
}

void QmlServer::setCertificateFile(const QUrl &file)
{
    if (std::exchange(m_certificateFile, file) != file)
        Q_EMIT certificateFileChanged();
}

QUrl QmlServer::keyFile() const
{
    return m_keyFile;
}

void QmlServer::setKeyFile(const QUrl &file)
{
    if (std::exchange(m_keyFile, file) != file)
        Q_EMIT keyFileChanged();
}

QUrl QmlServer::webFolderUrl() const
{
    return m_webFolder;
}

void QmlServer::setWebFolderUrl(const QUrl &folder)
{
    if (std::exchange(m_webFolder, folder) != folder)
        Q_EMIT webFolderChanged();
}

QString QmlServer::lastError() const
{
    return m_error.isEmpty() ? errorString() : m_error;
}

bool QmlServer::listen()
{
    wish(true);
    return m_complete && (isReady() || start());
}

void QmlServer::close()
{
    wish(false);
    DispatchServer::close();
}

void QmlServer::drain()
{
    wish(false);
    DispatchServer::drain();
}

QJSValue QmlServer::statistics() const
{
    QJSEngine *engine = qjsEngine(this);
    if (!engine)
        return {};
    const DispatchServerStatistics now = DispatchServer::statistics();
    const QMetaObject &fields = DispatchServerStatistics::staticMetaObject;
    QJSValue object = engine->newObject();
    for (int i = 0; i < fields.propertyCount(); ++i) {
        const QMetaProperty field = fields.property(i);
        const QVariant value = field.readOnGadget(&now);
        object.setProperty(QLatin1String(field.name()),
                           value.typeId() == QMetaType::QVariantMap ? engine->toScriptValue(value)
                                                                    : QJSValue(value.toDouble()));
    }
    return object;
}

bool QmlServer::start()
{
    if (isDraining()) // starts again at the end of that
        return false;
    const QString before = lastError();
    const bool listening = listenAsWished();
    // What goes wrong tells of itself; that it is over nobody else says.
    if (listening && !before.isEmpty())
        Q_EMIT errorStringChanged();
    return listening;
}

bool QmlServer::listenAsWished()
{
    QHostAddress address;
    if (!address.setAddress(m_address))
        return fail(u"'%1' is no IP address."_s.arg(m_address));
    if (m_port < 0 || m_port > 65535)
        return fail(u"%1 is no port: give one from 0 to 65535."_s.arg(m_port));
    std::shared_ptr<const DispatchTokenVerifier> verifier;
    if (!m_sharedSecret.isEmpty()) {
        verifier = DispatchTokenVerifier::sharedSecret(m_sharedSecret.toUtf8());
        if (!verifier)
            return fail(u"The shared secret is too short: give one of 32 bytes or more."_s);
    }
    DispatchTlsIdentity identity;
    if (!m_certificateFile.isEmpty() || !m_keyFile.isEmpty()) {
        identity = DispatchTlsIdentity::fromFiles(QQmlFile::urlToLocalFileOrQrc(m_certificateFile),
                                                  QQmlFile::urlToLocalFileOrQrc(m_keyFile));
        if (!identity.isValid())
            return fail(identity.errorString());
    }
    m_error.clear();
    setTokenVerifier(std::move(verifier));
    setTlsIdentity(identity);
    setWebFolder(QQmlFile::urlToLocalFileOrQrc(m_webFolder));
    return DispatchServer::listen(address, quint16(m_port));
}

bool QmlServer::fail(const QString &message)
{
    m_error = message;
    Q_EMIT errorOccurred(message);
    return false;
}

} // namespace Dispatch
