// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "conversation.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtQuick/qquickitem.h>

#include <chrono>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto LookInterval = 20ms;
// Longer than a server keeps the place of who lost the connection.
constexpr qint64 StepLimit = 45'000;

// What is said; some of it is what chats get wrong.
const QString Hello = u"Hi Ben! Has the new build reached you?"_s;
const QString Reply = u"Morning, Ann 👋 It has, and it starts in half the time."_s;
const QString Cheer = u"🎉🚀"_s;
const QString Long =
    u"I left it running over night with a hundred clients in one room. Nobody was dropped, the "
    "list of people was right each time I looked, and the fan of this little box never came on. "
    "I will write it all up this afternoon."_s;
const QString Markup = u"What about <b>markup</b> & <img src=\"http://example.org/x.png\">?"_s;
const QString Hebrew = u"שלום אן, הכול נשאר טקסט פשוט."_s;
const QString Arabic = u"ممتاز! إذن يعمل كل شيء من اليمين إلى اليسار أيضًا 👍"_s;
const QString LongWord =
    u"https://example.org/logs/2026/"
    "a-path-that-goes-on-and-on-without-a-single-place-where-one-could-break-it-in-two"_s;
const QString Missed = u"And the train? Do you get through the hills?"_s;
const QString Blink = u"Yes, it went dark for a moment. Nothing is missing here."_s;
const QString Worry = u"Ben? You are gone from the list."_s;
const QString Tunnel = u"A tunnel, sorry. I write this without a network."_s;
const QString After = u"And this as well. Both should reach you once, in this order."_s;
const QString Relief = u"There you are again! Both came in."_s;
const QString Bye = u"Good. I am off to lunch, see you!"_s;

} // namespace

Conversation::Conversation(QObject *app, const QString &screenshots, QObject *parent)
    : QObject(parent)
    , m_app(app)
    , m_screenshots(screenshots)
{
    m_look.setInterval(LookInterval);
    connect(&m_look, &QTimer::timeout, this, &Conversation::look);
    write();
}

void Conversation::start()
{
    m_clock.start();
    if (!m_screenshots.isEmpty() && !QDir().mkpath(m_screenshots)) {
        QMetaObject::invokeMethod(
            this, [this] { fail(u"Can't make the folder "_s + m_screenshots); },
            Qt::QueuedConnection);
        return;
    }
    QMetaObject::invokeMethod(this, &Conversation::next, Qt::QueuedConnection);
}

void Conversation::write()
{
    meet();
    talk();
    blink();
    loseEachOther();
    readAbove();
    changeLooks();
    part();
}

void Conversation::meet()
{
    const QUrl server(m_app->property("serverUrl").toString());
    m_relay = std::make_unique<Relay>(server);
    add(
        u"Ann"_s, u"opens the chat"_s, [=, this] { open(m_ann, {}, false, server); },
        [this] { return m_ann.find(u"joinButton"_s) != nullptr; });
    add(
        u"Ann"_s, u"enters her name"_s, [this] { m_ann.type(u"Ann"_s); },
        [this] { return m_ann.textOf(u"nameField"_s) == "Ann"_L1; });
    takePicture(m_ann, u"join"_s);
    add(
        u"Ann"_s, u"joins, and sees herself alone"_s, [this] { m_ann.press(Qt::Key_Return); },
        [this] { return m_ann.find(u"composer"_s) && m_ann.shows(u"Only you are here"_s); });
    add(
        u"Ben"_s, u"joins by a way that can be cut; they see each other"_s,
        [this] { open(m_ben, u"Ben"_s, true, m_relay->url()); },
        [this] {
            return m_ann.shows(u"Ben"_s) && m_ann.shows(u"Ben joined"_s) && m_ben.shows(u"Ann"_s)
                && m_ben.shows(u"2 people are here"_s);
        });
}

void Conversation::talk()
{
    say(m_ann, m_ben, Hello);
    say(m_ben, m_ann, Reply);
    say(m_ben, m_ann, Long);
    say(m_ann, m_ben, Cheer);
    say(m_ann, m_ben, Markup);
    say(m_ben, m_ann, Hebrew);
    say(m_ann, m_ben, Arabic);
    takePicture(m_ann, u"conversation-ann"_s);
    takePicture(m_ben, u"conversation-ben"_s);
}

/// A loss that is mended within the server's window: the session goes on, and Ann sees nothing.
void Conversation::blink()
{
    add(
        u"Ben"_s, u"loses his connection; Ann sees nothing of it"_s, [this] { m_relay->cut(); },
        [this] {
            return m_ben.textOf(u"bannerText"_s).startsWith("Connection lost"_L1)
                && m_ann.shows(u"2 people are here"_s);
        });
    say(m_ann, m_ann, Missed);
    add(
        u"Ben"_s, u"is back in time; he has what he missed, and nobody is told of it"_s,
        [this] { m_relay->mend(); },
        [this] {
            return m_ben.saying(Missed).size() == 1
                && !m_ben.textOf(u"bannerText"_s).startsWith("Connection lost"_L1)
                && !m_ben.shows(u"You are back"_s) && m_ann.shows(u"2 people are here"_s)
                && !m_ann.shows(u"Ben left"_s);
        });
    say(m_ben, m_ann, Blink);
}

/// A loss that is longer than the server's window.
void Conversation::loseEachOther()
{
    add(
        u"Ben"_s, u"loses his connection for longer; Ann sees him leave"_s,
        [this] {
            QMetaObject::invokeMethod(m_app, "forgetSoon");
            m_relay->cut();
        },
        [this] {
            return m_ben.textOf(u"bannerText"_s).startsWith("Connection lost"_L1)
                && m_ann.shows(u"Ben left"_s) && !m_ann.shows(u"2 people are here"_s);
        });
    say(m_ann, m_ann, Worry);
    for (const QString &text : {Tunnel, After}) {
        add(
            u"Ben"_s, u"writes while he is offline: "_s + text,
            [=, this] {
                m_ben.type(text);
                m_ben.press(Qt::Key_Return);
            },
            [=, this] { return m_ben.shows(text) && !m_ann.shows(text); });
    }
    add(
        u"Ben"_s, u"is told when the next try is"_s, [] {},
        [this] {
            return m_ben.shows(u"2 messages waiting"_s)
                && m_ben.textOf(u"bannerText"_s).contains("next try in"_L1)
                && m_ben.find(u"retryButton"_s);
        });
    takePicture(m_ben, u"offline-ben"_s);
    takePicture(m_ann, u"offline-ann"_s);
    add(
        u"Ben"_s,
        u"comes back by himself; what he wrote arrives once, in order, and he sees what he missed"_s,
        [this] { m_relay->mend(); },
        [this] {
            return m_ann.showsInOrder({Worry, Tunnel, After})
                && m_ben.showsInOrder({Worry, Tunnel, After}) && m_ann.shows(u"2 people are here"_s)
                && m_ben.shows(u"2 people are here"_s);
        });
    add(
        u"Ben"_s, u"has nothing left to send"_s, [] {},
        [this] { return !m_ben.shows(u"2 messages waiting"_s) && !m_ben.find(u"bannerText"_s); });
    say(m_ann, m_ben, Relief);
}

void Conversation::readAbove()
{
    add(
        u"Ann"_s, u"reads what is above"_s,
        [this] {
            m_ann.press(Qt::Key_PageUp);
            m_ann.press(Qt::Key_PageUp);
        },
        [this] { return m_ann.find(u"jumpButton"_s) != nullptr; });
    add(
        u"Ben"_s, u"says meanwhile: "_s + LongWord,
        [this] {
            m_ben.type(LongWord);
            m_ben.press(Qt::Key_Return);
        },
        [this] { return m_ann.textOf(u"jumpButton"_s) == "1 new message"_L1; });
    takePicture(m_ann, u"unread"_s);
    add(
        u"Ann"_s, u"jumps to the new message"_s, [this] { m_ann.click(u"jumpButton"_s); },
        [this] { return m_ann.shows(LongWord) && !m_ann.find(u"jumpButton"_s); });
}

void Conversation::changeLooks()
{
    add(
        u"Ann"_s, u"turns the light off"_s, [this] { m_ann.click(u"themeButton"_s); },
        [this] { return m_ann.window()->color().lightnessF() < 0.3; });
    takePicture(m_ann, u"dark-ann"_s);
    takePicture(m_ben, u"dark-ben"_s);
    add(
        u"Ann"_s, u"makes her window small"_s, [this] { m_ann.window()->resize(380, 660); },
        [this] { return m_ann.find(u"peopleButton"_s) && m_ann.shows(LongWord); });
    takePicture(m_ann, u"narrow"_s);
    add(
        u"Ann"_s, u"looks who is there"_s, [this] { m_ann.click(u"peopleButton"_s); },
        [this] { return m_ann.find(u"people"_s) && m_ann.shows(u"Ben"_s); });
    takePicture(m_ann, u"narrow-people"_s);
    add(
        u"Ann"_s, u"makes it large again"_s, [this] { m_ann.window()->resize(940, 660); },
        [this] { return !m_ann.find(u"peopleButton"_s) && m_ann.shows(LongWord); });
}

void Conversation::part()
{
    say(m_ben, m_ann, Bye);
    add(
        u"Ben"_s, u"leaves; Ann is alone"_s, [this] { m_ben.click(u"leaveButton"_s); },
        [this] {
            return m_ann.shows(u"Only you are here"_s) && m_ann.shows(u"Ben left"_s)
                && m_ben.find(u"joinButton"_s);
        });
    takePicture(m_ann, u"parted"_s);
}

void Conversation::add(const QString &who, const QString &what, std::function<void()> act,
                       std::function<bool()> seen)
{
    m_steps.push_back({who, what, std::move(act), std::move(seen)});
}

/// The listener sees first that something is being written, then what.
void Conversation::say(Puppet &speaker, Puppet &listener, const QString &text)
{
    const QString who = &speaker == &m_ann ? u"Ann"_s : u"Ben"_s;
    const bool isHeard = &speaker != &listener;
    add(
        who, u"is typing"_s, [&speaker, text] { speaker.type(text); },
        [&speaker, &listener, text, who, isHeard] {
            return speaker.textOf(u"composer"_s) == text
                && (!isHeard || listener.textOf(u"typing"_s).startsWith(who));
        });
    add(
        who, u"says: "_s + text, [&speaker] { speaker.press(Qt::Key_Return); },
        [&speaker, &listener, text] {
            return speaker.saying(text).size() == 1 && listener.saying(text).size() == 1
                && speaker.textOf(u"composer"_s).isEmpty() && !listener.find(u"typing"_s);
        });
}

/// Waits until nothing moves any more.
void Conversation::takePicture(Puppet &whose, const QString &name)
{
    if (m_screenshots.isEmpty())
        return;
    const QString number = u"%1"_s.arg(++m_pictures, 2, 10, QLatin1Char('0'));
    const QString file = QDir(m_screenshots).filePath(u"%1-%2.png"_s.arg(number, name));
    add(
        {}, u"picture: "_s + file, [this] { m_lastGrab = {}; },
        [this, &whose, file] {
            const QImage grab = whose.grab();
            if (grab.isNull() || grab != m_lastGrab) {
                m_lastGrab = grab;
                return false;
            }
            return grab.save(file);
        });
}

void Conversation::next()
{
    if (m_step == m_steps.size()) {
        print({}, u"All was seen."_s);
        return QCoreApplication::exit(0);
    }
    m_stepClock.start();
    m_acted = false;
    m_look.start();
}

void Conversation::look()
{
    const Step &step = m_steps[m_step];
    if (!m_acted && isReady(step)) {
        m_acted = true;
        step.act();
    } else if (m_acted && step.seen()) {
        m_look.stop();
        print(step.who, step.what);
        ++m_step;
        next();
    } else if (m_stepClock.elapsed() > StepLimit) {
        fail(u"Not seen within %1 s: %2 %3"_s.arg(StepLimit / 1000).arg(step.who, step.what));
    }
}

/// One's hands are at the window in front only.
bool Conversation::isReady(const Step &step)
{
    QQuickWindow *window = step.who == "Ann"_L1 ? m_ann.window()
        : step.who == "Ben"_L1                  ? m_ben.window()
                                                : nullptr;
    if (!window || window->isActive())
        return true;
    window->requestActivate();
    return false;
}

void Conversation::fail(const QString &what)
{
    m_look.stop();
    std::fprintf(stderr, "%s\n", qUtf8Printable(what));
    for (const Puppet *puppet : {&m_ann, &m_ben}) {
        if (puppet->window() && !m_screenshots.isEmpty())
            puppet->grab().save(
                QDir(m_screenshots).filePath(u"not-seen-%1.png"_s.arg(nameOf(*puppet))));
    }
    QCoreApplication::exit(1);
}

void Conversation::print(const QString &who, const QString &what) const
{
    std::printf("%6.2f s  %-4s %s\n", double(m_clock.elapsed()) / 1000, qUtf8Printable(who),
                qUtf8Printable(what));
    std::fflush(stdout);
}

QString Conversation::nameOf(const Puppet &puppet) const
{
    return &puppet == &m_ann ? u"ann"_s : u"ben"_s;
}

void Conversation::open(Puppet &puppet, const QString &name, bool joinsAtOnce, const QUrl &url)
{
    QVariant window;
    QMetaObject::invokeMethod(m_app, "openFor", Q_RETURN_ARG(QVariant, window),
                              Q_ARG(QString, name), Q_ARG(bool, joinsAtOnce),
                              Q_ARG(QString, url.toString()));
    puppet = Puppet(qobject_cast<QQuickWindow *>(window.value<QObject *>()));
    if (!puppet.window())
        fail(u"The window did not open: "_s + nameOf(puppet));
}
