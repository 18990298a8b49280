// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchServer>

#include <QtCore/qmetaobject.h>
#include <QtCore/qregularexpression.h>
#include <QtGui/qaccessible.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickwindow.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

/// What a screen reader is told of \a item: "Button Send".
QString spoken(QQuickItem *item)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(item);
    if (!interface)
        return {};
    const auto role = QMetaEnum::fromType<QAccessible::Role>().valueToKey(interface->role());
    return QString::fromLatin1(role) + u' ' + interface->text(QAccessible::Name);
}

void collect(QQuickItem *item, QList<QQuickItem *> &items)
{
    if (!item->isVisible())
        return;
    items += item;
    for (QQuickItem *child : item->childItems())
        collect(child, items);
}

QList<QQuickItem *> visibleItems(QQuickWindow *window)
{
    QList<QQuickItem *> items;
    collect(window->contentItem(), items);
    return items;
}

/// What can be used: by the keyboard, or because it is a button.
bool isControl(QQuickItem *item)
{
    return item->activeFocusOnTab() || item->inherits("QQuickAbstractButton");
}

/// What has the focus after each press of Tab, until it comes round.
QStringList tabOrder(QQuickWindow *window)
{
    constexpr int Most = 40;
    const QQuickItem *first = window->activeFocusItem();
    QStringList order;
    do {
        order += window->activeFocusItem() ? spoken(window->activeFocusItem()) : u"nothing"_s;
        QTest::keyClick(window, Qt::Key_Tab);
    } while (window->activeFocusItem() != first && order.size() < Most);
    return order;
}

} // namespace

/// The chat, for people who do not see it or do not use a mouse.
class tst_ChatAccessibility : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void eachControlOfTheJoinPageHasRoleAndName();
    void tabGoesThroughTheJoinPageInTheOrderOfReading();
    void eachControlOfTheRoomHasRoleAndName();
    void tabGoesThroughTheRoomAndComesBackToTheMessage();
    void messagesAndPeopleAreListsThatCanBeReadOut();

private:
    void checkControls(int least);
    void joinRoom();

    DispatchServer m_server;
    QQmlEngine m_engine;
    std::unique_ptr<QObject> m_root;
    QQuickWindow *m_window = nullptr;
};

void tst_ChatAccessibility::initTestCase()
{
    m_engine.addImportPath(QStringLiteral(DISPATCH_QML_IMPORT));
    QVERIFY2(m_server.listen(), qPrintable(m_server.errorString()));
}

void tst_ChatAccessibility::init()
{
    QQmlComponent component(&m_engine,
                            QUrl::fromLocalFile(QStringLiteral(CHAT_QML "/ChatWindow.qml")));
    m_root.reset(component.createWithInitialProperties({{u"url"_s, m_server.url().toString()},
                                                        {u"project"_s, u"chat"_s},
                                                        {u"userName"_s, u"Ann"_s},
                                                        {u"roomName"_s, u"Lobby"_s},
                                                        {u"visible"_s, true}}));
    m_window = qobject_cast<QQuickWindow *>(m_root.get());
    QVERIFY2(m_window, qPrintable(component.errorString()));
    m_window->requestActivate();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

void tst_ChatAccessibility::joinRoom()
{
    QMetaObject::invokeMethod(m_window, "join", Q_ARG(QString, u"Ann"_s),
                              Q_ARG(QString, u"Lobby"_s));
    auto *room = m_window->property("room").value<QObject *>();
    QVERIFY(room);
    QTRY_VERIFY(room->property("online").toBool());
    for (const QChar c : u"Hello"_s)
        QTest::keyClick(m_window, c.toLatin1());
    auto *composer = m_window->findChild<QQuickItem *>(u"composer"_s);
    QVERIFY(composer);
    QTRY_COMPARE(composer->property("text").toString(), u"Hello"_s);
}

void tst_ChatAccessibility::checkControls(int least)
{
    int controls = 0;
    for (QQuickItem *item : visibleItems(m_window)) {
        if (!isControl(item))
            continue;
        ++controls;
        const QString words = spoken(item);
        QVERIFY2(!words.isEmpty(), item->metaObject()->className());
        QVERIFY2(!words.startsWith(u"NoRole"_s) && !words.startsWith(u"Client"_s),
                 qPrintable(words));
        QVERIFY2(!words.section(u' ', 1).isEmpty(),
                 qPrintable(words + item->objectName()
                            + QString::fromLatin1(item->metaObject()->className())));
    }
    QVERIFY2(controls >= least, qPrintable(QString::number(controls)));
}

void tst_ChatAccessibility::eachControlOfTheJoinPageHasRoleAndName()
{
    checkControls(4);
}

void tst_ChatAccessibility::tabGoesThroughTheJoinPageInTheOrderOfReading()
{
    QStringList order = tabOrder(m_window);
    QCOMPARE(order.first(), u"EditableText Your name"_s);
    // In the corner above, so that the first Tab does not lead away from the form.
    QVERIFY2(order.contains(u"Button Dark colours"_s) || order.contains(u"Button Light colours"_s),
             qPrintable(order.join(u", "_s)));
    order.removeIf([](const QString &name) { return name.endsWith(u" colours"_s); });
    QCOMPARE(order,
             QStringList({u"EditableText Your name"_s, u"EditableText Room"_s, u"Button Join"_s}));
}

void tst_ChatAccessibility::eachControlOfTheRoomHasRoleAndName()
{
    joinRoom();
    checkControls(5);
}

void tst_ChatAccessibility::tabGoesThroughTheRoomAndComesBackToTheMessage()
{
    joinRoom();
    const QStringList order = tabOrder(m_window);
    QCOMPARE(order.first(), u"EditableText Message"_s);
    QCOMPARE(order.value(1), u"Button Send"_s);
    QCOMPARE(order.last(), u"Button Insert an emoji"_s);
    QVERIFY2(order.filter(u"colours"_s).size() == 1, qPrintable(order.join(u", "_s)));
}

void tst_ChatAccessibility::messagesAndPeopleAreListsThatCanBeReadOut()
{
    joinRoom();
    QTest::keyClick(m_window, Qt::Key_Return);
    const auto said = [this] {
        QStringList words;
        for (QQuickItem *item : visibleItems(m_window)) {
            if (const QString text = spoken(item); text.startsWith(u"List"_s))
                words += text;
        }
        return words;
    };
    QTRY_VERIFY(said().contains(u"ListItem Ann, you"_s));
    QVERIFY(said().contains(u"List Messages"_s));
    QVERIFY(said().contains(u"List People in this room"_s));
    QTRY_COMPARE(said().filter(QRegularExpression(u"^ListItem You, \\d\\d:\\d\\d: Hello"_s)).size(),
                 1);
}

QTEST_MAIN(tst_ChatAccessibility)
#include "tst_chataccessibility.moc"
