// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"

#include <QtCore/qtemporaryfile.h>
#include <QtCore/qurl.h>
#include <QtQml/qqmlcontext.h>
#include <QtQml/qqmlengine.h>
#include <QtQuickTest/quicktest.h>

class Setup : public QObject {
    Q_OBJECT

public:
    Setup()
    {
        const Certificate certificate = Certificate::selfSigned({"127.0.0.1"});
        m_certificate.open();
        m_certificate.write(certificate.pem() + certificate.keyPem());
        m_certificate.flush();
    }

public Q_SLOTS:
    void qmlEngineAvailable(QQmlEngine *engine)
    {
        engine->addImportPath(QStringLiteral(DISPATCH_QML_IMPORT));
        engine->rootContext()->setContextProperty(QStringLiteral("pemFile"),
                                                  QUrl::fromLocalFile(m_certificate.fileName()));
    }

private:
    QTemporaryFile m_certificate; ///< and its key, of this machine
};

QUICK_TEST_MAIN_WITH_SETUP(qml, Setup)

#include "main.moc"
