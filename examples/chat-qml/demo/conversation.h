// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "puppet.h"
#include "relay.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <functional>
#include <memory>
#include <vector>

/// Ann and Ben meet in a room, talk, lose each other and part, each at a window of their own,
/// without anybody at the keyboard. Prints what happens, takes pictures, and ends the application:
/// with 0 if all was seen that should be.
class Conversation : public QObject {
    Q_OBJECT

public:
    /// \a app is Main.qml's object; pictures go to the folder \a screenshots, if it is not empty.
    Conversation(QObject *app, const QString &screenshots, QObject *parent = nullptr);

    void start();
    /// Ends the conversation: \a what should have been seen was not, or what should not be was.
    void fail(const QString &what);

private:
    /// Something that one does, and what has to be seen before the next step.
    struct Step {
        QString who;
        QString what;
        std::function<void()> act;
        std::function<bool()> seen;
    };

    void write();
    void meet();
    void talk();
    void blink();
    void loseEachOther();
    void readAbove();
    void changeLooks();
    void part();

    void add(const QString &who, const QString &what, std::function<void()> act,
             std::function<bool()> seen);
    void say(Puppet &speaker, Puppet &listener, const QString &text);
    void takePicture(Puppet &whose, const QString &name);

    void next();
    void look();
    bool isReady(const Step &step);
    void print(const QString &who, const QString &what) const;
    QString nameOf(const Puppet &puppet) const;
    void open(Puppet &puppet, const QString &name, bool joinsAtOnce, const QUrl &url);

    QObject *const m_app;
    const QString m_screenshots;
    int m_pictures = 0; ///< that will be there; each has its number in its name
    std::unique_ptr<Relay> m_relay;
    Puppet m_ann;
    Puppet m_ben;
    std::vector<Step> m_steps;
    std::size_t m_step = 0;
    bool m_acted = false;
    QTimer m_look;
    QElapsedTimer m_clock;
    QElapsedTimer m_stepClock;
    QImage m_lastGrab;
};
