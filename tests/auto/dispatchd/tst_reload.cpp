// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>

namespace {

const QByteArray OldSecret(32, 'o');
const QByteArray NewSecret(32, 'n');

} // namespace

/// SIGHUP, seen by clients that are there.
class tst_Reload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void limitsChangeForClientsThatAreThere();
    void keysChange();
    void aKeyIsRotatedByItsId();
    void aBadConfigurationChangesNothing_data();
    void aBadConfigurationChangesNothing();
    void originsChangeForThoseWhoCome();
    void flagsStillWin();
    void saysWhatNeedsARestart();
    void severalAtOnceDoNoHarm();

private:
    bool write(const QString &name, const QByteArray &content);

    QTemporaryDir m_folder;
    const QString m_config = m_folder.filePath(u"dispatchd.toml"_s);
};

bool tst_Reload::write(const QString &name, const QByteArray &content)
{
    QFile file(m_folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

void tst_Reload::limitsChangeForClientsThatAreThere()
{
    QVERIFY(write(u"dispatchd.toml"_s, "max_user_info_bytes = 5\n"));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, m_config}));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    const QJsonObject info{{u"name"_s, u"Ann"_s}};
    client.emitEvent(u"@@KOJI_DISPATCH/SET_USER_INFO"_s, info);
    QTRY_COMPARE(client.last(u"@@KOJI_DISPATCH/ERROR"_s).value(u"code"_s).toString(),
                 u"user_info_too_big"_s);

    QVERIFY(write(u"dispatchd.toml"_s, "max_user_info_bytes = 100\n"));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("was read again"));
    client.emitEvent(u"@@KOJI_DISPATCH/SET_USER_INFO"_s, info);
    QTRY_COMPARE(client.self().value(u"name"_s).toString(), u"Ann"_s);
    QVERIFY(!client.wasDropped);
}

void tst_Reload::keysChange()
{
    QVERIFY(write(u"dispatchd.toml"_s, "secret_file = 'secret'\n"));
    QVERIFY(write(u"secret"_s, OldSecret));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, m_config}));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    client.identify(tokenFor(u"user-1"_s, NewSecret));
    QTRY_COMPARE(client.last(u"@@KOJI_DISPATCH/ERROR"_s).value(u"code"_s).toString(),
                 u"invalid_token"_s);

    QVERIFY(write(u"secret"_s, NewSecret));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("was read again"));
    client.identify(tokenFor(u"user-1"_s, NewSecret));
    QTRY_COMPARE(client.self().value(u"userId"_s).toString(), u"user-1"_s);
    QVERIFY(!client.wasDropped);
}

void tst_Reload::aKeyIsRotatedByItsId()
{
    const QByteArray keyOf = "[[keys]]\nalgorithm = 'HS256'\nfile = '%1'\nkid = '%1'\n";
    QVERIFY(write(u"old"_s, OldSecret));
    QVERIFY(write(u"new"_s, NewSecret));
    QVERIFY(write(u"dispatchd.toml"_s, QByteArray(keyOf).replace("%1", "old")));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, m_config}));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    client.identify(tokenFor(u"user-1"_s, NewSecret, "new"));
    QTRY_COMPARE(client.last(u"@@KOJI_DISPATCH/ERROR"_s).value(u"code"_s).toString(),
                 u"invalid_token"_s);

    QVERIFY(write(u"dispatchd.toml"_s,
                  QByteArray(keyOf).replace("%1", "old") + QByteArray(keyOf).replace("%1", "new")));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("was read again"));
    client.identify(tokenFor(u"user-1"_s, NewSecret, "new"));
    QTRY_COMPARE(client.self().value(u"userId"_s).toString(), u"user-1"_s);
    Client other; // the old key is still good
    other.join(daemon);
    QTRY_VERIFY(!other.greeting().isEmpty());
    other.identify(tokenFor(u"user-2"_s, OldSecret, "old"));
    QTRY_COMPARE(other.self().value(u"userId"_s).toString(), u"user-2"_s);
}

void tst_Reload::aBadConfigurationChangesNothing_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("said");

    QTest::newRow("no TOML") << QByteArray("secret_file = \n") << OldSecret
                             << QByteArray("dispatchd.toml:1:");
    QTest::newRow("unknown key") << QByteArray("secret_fiel = 'x'\n") << OldSecret
                                 << QByteArray("did you mean 'secret_file'");
    QTest::newRow("key that is no key")
        << QByteArray("[[keys]]\nalgorithm = 'ES256'\nfile = 'secret'\n") << OldSecret
        << QByteArray("no public key");
    QTest::newRow("short secret") << QByteArray("secret_file = 'secret'\n") << QByteArray("short")
                                  << QByteArray("has 5 bytes");
}

void tst_Reload::aBadConfigurationChangesNothing()
{
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, said);
    QVERIFY(write(u"dispatchd.toml"_s, "secret_file = 'secret'\n"));
    QVERIFY(write(u"secret"_s, OldSecret));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, m_config}));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());

    QVERIFY(write(u"dispatchd.toml"_s, config));
    QVERIFY(write(u"secret"_s, secret));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs(said));
    QVERIFY(daemon.logs("stays as it was"));
    client.identify(tokenFor(u"user-1"_s, OldSecret));
    QTRY_COMPARE(client.self().value(u"userId"_s).toString(), u"user-1"_s);
    QVERIFY(!client.wasDropped);
}

void tst_Reload::originsChangeForThoseWhoCome()
{
    QVERIFY(write(u"dispatchd.toml"_s, "allowed_origins = ['https://one.example']\n"));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, m_config}));
    const auto joins = [&daemon](const QString &origin) {
        QWebSocket page(origin);
        page.open(daemon.url);
        const auto isOver = [&page] {
            return page.isValid() || page.error() != QAbstractSocket::UnknownSocketError;
        };
        return QTest::qWaitFor(isOver, DeadlineMs) && page.isValid();
    };
    QVERIFY(joins(u"https://one.example"_s));
    QVERIFY(!joins(u"https://two.example"_s));
    QVERIFY(daemon.logs("origin_not_allowed (https://two.example)"));

    QVERIFY(write(u"dispatchd.toml"_s, "allowed_origins = ['https://two.example']\n"));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("was read again"));
    QVERIFY(joins(u"https://two.example"_s));
    QVERIFY(!joins(u"https://one.example"_s));

    QVERIFY(write(u"dispatchd.toml"_s, "allowed_origins = ['*']\n"));
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("warning dispatch.server: allowedOrigins has '*'"));
    QVERIFY(joins(u"https://one.example"_s));
}

void tst_Reload::flagsStillWin()
{
    QVERIFY(write(u"dispatchd.toml"_s, "max_user_info_bytes = 100\n"));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, m_config, u"--max-user-info-bytes=5"_s}));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    daemon.send(SIGHUP);
    QVERIFY(daemon.logs("was read again"));
    client.emitEvent(u"@@KOJI_DISPATCH/SET_USER_INFO"_s, {{u"name"_s, u"Ann"_s}});
    QTRY_COMPARE(client.last(u"@@KOJI_DISPATCH/ERROR"_s).value(u"code"_s).toString(),
                 u"user_info_too_big"_s);
}

void tst_Reload::saysWhatNeedsARestart()
{
    QVERIFY(write(u"password"_s, "hunter2\n"));
    QVERIFY(write(u"dispatchd.toml"_s, "threads = 1\nengine_password_file = 'password'\n"));
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--config"_s, m_config}));
    QVERIFY(write(u"password"_s, "hunter3\n"));
    QVERIFY(write(u"dispatchd.toml"_s,
                  "threads = 2\nengine_password_file = 'password'\nengine_lease = 60000\n"));
    for (int i = 0; i < 2; ++i) { // it does not forget
        daemon.send(SIGHUP);
        QVERIFY(daemon.logs("threads changes at the next start"));
        QVERIFY(daemon.logs("engine_lease changes at the next start"));
        QVERIFY(daemon.logs("The password for the engine changes at the next start"));
        QVERIFY(daemon.logs("was read again"));
    }
}

void tst_Reload::severalAtOnceDoNoHarm()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    for (int i = 0; i < 100; ++i)
        daemon.send(SIGHUP);
    QVERIFY(daemon.logs("was read again"));
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitCode(), 0);
}

QTEST_GUILESS_MAIN(tst_Reload)
#include "tst_reload.moc"
