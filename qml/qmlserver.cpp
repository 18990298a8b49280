// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmlserver.h"

#include "../src/threadcheck/threadcheck_p.h"
#include "dispatchtokenverifier.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>
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

QmlServer::~QmlServer() = default;

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
    requireThreadOf(this, Q_FUNC_INFO);
    return m_active;
}

void QmlServer::setActive(bool active)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (m_active == active || !wish(active) || !m_complete)
        return;
    if (active)
        start();
    else
        DispatchServer::close();
}

/// False if whoever heard of it has deleted this, or wishes otherwise.
bool QmlServer::wish(bool active)
{
    const QPointer<QObject> self(this);
    if (std::exchange(m_active, active) != active)
        Q_EMIT activeChanged();
    return self && m_active == active;
}

QString QmlServer::wantedAddress() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_address;
}

void QmlServer::setWantedAddress(const QString &address)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(m_address, address) != address)
        Q_EMIT addressChanged();
}

int QmlServer::currentPort() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return isListening() ? port() : m_port;
}

void QmlServer::setWantedPort(int port)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const int before = currentPort();
    m_port = port;
    if (currentPort() != before)
        Q_EMIT portChanged();
}

QString QmlServer::sharedSecret() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_sharedSecret;
}

void QmlServer::setSharedSecret(const QString &secret)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(m_sharedSecret, secret) != secret)
        Q_EMIT sharedSecretChanged();
}

QUrl QmlServer::certificateFile() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_certificateFile;
}

void QmlServer::setCertificateFile(const QUrl &file)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(m_certificateFile, file) != file)
        Q_EMIT certificateFileChanged();
}

QUrl QmlServer::keyFile() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_keyFile;
}

void QmlServer::setKeyFile(const QUrl &file)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(m_keyFile, file) != file)
        Q_EMIT keyFileChanged();
}

QUrl QmlServer::webFolderUrl() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_webFolder;
}

void QmlServer::setWebFolderUrl(const QUrl &folder)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(m_webFolder, folder) != folder)
        Q_EMIT webFolderChanged();
}

QString QmlServer::lastError() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_error.isEmpty() ? errorString() : m_error;
}

bool QmlServer::listen()
{
    requireThreadOf(this, Q_FUNC_INFO);
    return wish(true) && m_complete && (isReady() || start());
}

void QmlServer::close()
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (wish(false))
        DispatchServer::close();
}

void QmlServer::drain()
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (wish(false))
        DispatchServer::drain();
}

QJSValue QmlServer::statistics() const
{
    requireThreadOf(this, Q_FUNC_INFO);
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
    const QPointer<QObject> self(this); // whoever hears of it may delete this
    const bool listening = listenAsWished();
    // What goes wrong tells of itself; that it is over nobody else says.
    if (self && listening && !before.isEmpty())
        Q_EMIT errorStringChanged();
    return self && listening;
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
