// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

#include <memory>
#include <optional>

using namespace Qt::StringLiterals;

/// What is left of a client when the application ends.
class tst_ProgramEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nobodyWhoIsGoneIsToldThatItWasCancelled_data();
    void nobodyWhoIsGoneIsToldThatItWasCancelled();
};

void tst_ProgramEnd::nobodyWhoIsGoneIsToldThatItWasCancelled_data()
{
    QTest::addColumn<bool>("asksForInfo");
    QTest::newRow("a join") << false;
    QTest::newRow("a list of shards") << true;
}

void tst_ProgramEnd::nobodyWhoIsGoneIsToldThatItWasCancelled()
{
    QFETCH(bool, asksForInfo);
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    int argc = 1;
    char name[] = "program";
    char *argv[] = {name, nullptr};
    std::optional<QCoreApplication> app(std::in_place, argc, argv);
    {
        DispatchClient client;
        client.setUrl(QUrl(u"ws://127.0.0.1:1"_s));
        const auto window = std::make_unique<QObject>();
        if (asksForInfo)
            client.info().then(window.get(), [](const QList<DispatchShardInfo> &) {});
        else
            client.connectToServer().then(window.get(), [](const DispatchConnectionInfo &) {});
    }
    app.reset();
}

QTEST_APPLESS_MAIN(tst_ProgramEnd)
#include "tst_programend.moc"
