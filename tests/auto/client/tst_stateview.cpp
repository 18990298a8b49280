// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stateview_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

/// What of the shared state is shown: what the server says, and one's own changes over it.
class tst_StateView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theServersWordIsShown();
    void aWholeStateReplacesWhatWasThere();
    void eventsThatAWholeStateHasAreOld();
    void ownChangesAreShownAtOnce();
    void ownRemovalsAreShownAtOnce();
    void settledChangesGiveWayToTheServersWord();
    void onlyTheLatestOwnChangeOfAKeyCounts();
    void whoRemovedAKeyIsKnown();
    void whatIsKeptIsCounted();

private:
    void tell(const std::string &key, std::string_view value, std::uint64_t seq);
    void propose(std::uint64_t id, const QString &key, const QByteArray &value);
    QByteArray shown(const QString &key) const
    {
        const StateView::Item *item = m_view.find(key);
        return item ? item->value : QByteArray("nothing");
    }

    StateView m_view;

private Q_SLOTS:
    void init() { m_view = {}; }
};

namespace {

ReceivedStateItem received(const std::string &key, std::string_view value, std::uint64_t seq)
{
    ReceivedStateItem item;
    item.key = key;
    item.value = value;
    item.seq = seq;
    item.from = "ann";
    return item;
}

} // namespace

void tst_StateView::tell(const std::string &key, std::string_view value, std::uint64_t seq)
{
    m_view.apply(received(key, value, seq));
}

void tst_StateView::propose(std::uint64_t id, const QString &key, const QByteArray &value)
{
    StateView::Item item;
    item.value = value;
    m_view.propose(id, key, item);
}

void tst_StateView::theServersWordIsShown()
{
    tell("b", "2", 1);
    tell("a", "1", 2);
    tell("b", "3", 3);
    QCOMPARE(m_view.keys(), (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(shown(u"b"_s), "3");
    QCOMPARE(m_view.find(u"b"_s)->sequence, 3);
    QCOMPARE(m_view.find(u"b"_s)->senderId, u"ann"_s);
    tell("b", {}, 4);
    QCOMPARE(m_view.keys(), QStringList{u"a"_s});
}

void tst_StateView::aWholeStateReplacesWhatWasThere()
{
    tell("old", "1", 1);
    m_view.replace({7, {received("new", "2", 5)}});
    QCOMPARE(m_view.keys(), QStringList{u"new"_s});
    m_view.clear();
    QCOMPARE(m_view.keys(), QStringList());
}

void tst_StateView::eventsThatAWholeStateHasAreOld()
{
    m_view.replace({7, {received("a", "2", 5)}});
    QVERIFY(!m_view.apply(received("a", "1", 4)));
    QVERIFY(!m_view.apply(received("a", {}, 7)));
    QCOMPARE(shown(u"a"_s), "2");
    QVERIFY(m_view.apply(received("a", "3", 8)));
    QCOMPARE(shown(u"a"_s), "3");
}

void tst_StateView::ownChangesAreShownAtOnce()
{
    tell("a", "1", 1);
    propose(10, u"a"_s, "2");
    propose(11, u"b"_s, "3");
    QCOMPARE(shown(u"a"_s), "2");
    QVERIFY(m_view.find(u"a"_s)->isPending);
    QCOMPARE(m_view.keys(), (QStringList{u"a"_s, u"b"_s}));
    // What others say meanwhile comes to light later.
    tell("a", "4", 2);
    QCOMPARE(shown(u"a"_s), "2");
}

void tst_StateView::ownRemovalsAreShownAtOnce()
{
    tell("a", "1", 1);
    propose(10, u"a"_s, {});
    QCOMPARE(shown(u"a"_s), "nothing");
    QCOMPARE(m_view.keys(), QStringList());
    QCOMPARE(m_view.settle(10), u"a"_s);
    QCOMPARE(shown(u"a"_s), "1");
}

void tst_StateView::settledChangesGiveWayToTheServersWord()
{
    tell("a", "1", 1);
    propose(10, u"a"_s, "2");
    tell("a", "2", 2);
    tell("a", "5", 3);
    QCOMPARE(m_view.settle(10), u"a"_s);
    QCOMPARE(shown(u"a"_s), "5");
    QVERIFY(!m_view.find(u"a"_s)->isPending);
    QCOMPARE(m_view.settle(10), std::nullopt);
}

void tst_StateView::onlyTheLatestOwnChangeOfAKeyCounts()
{
    propose(10, u"a"_s, "1");
    propose(11, u"a"_s, "2");
    QCOMPARE(m_view.settle(10), std::nullopt);
    QCOMPARE(shown(u"a"_s), "2");
    QCOMPARE(m_view.settle(11), u"a"_s);
    QCOMPARE(shown(u"a"_s), "nothing");
    QCOMPARE(m_view.settle(99), std::nullopt);
}

void tst_StateView::whoRemovedAKeyIsKnown()
{
    tell("a", "1", 1);
    tell("a", {}, 2);
    QCOMPARE(m_view.removal(u"a"_s).senderId, u"ann"_s);
    QCOMPARE(m_view.removal(u"a"_s).sequence, 2);
    QCOMPARE(m_view.removal(u"b"_s), StateView::Item());
}

void tst_StateView::whatIsKeptIsCounted()
{
    tell("a", "1234", 1);
    tell("a", "12", 2);
    tell("b", "1", 3);
    QCOMPARE(m_view.bytes(), 2 + 2 + 2 + 1);
    tell("a", {}, 4);
    QCOMPARE(m_view.bytes(), 2 + 1);
    m_view.clear();
    QCOMPARE(m_view.bytes(), 0);
}

QTEST_APPLESS_MAIN(tst_StateView)
#include "tst_stateview.moc"
