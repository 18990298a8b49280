// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stateplays.h"

#include "guest.h"

#include <QtCore/qjsonarray.h>

using namespace Qt::StringLiterals;

namespace {

/// Has all join, and look at what they share.
void shareLobby(std::initializer_list<Guest *> guests)
{
    for (Guest *guest : guests) {
        guest->state();
        guest->join(u"lobby"_s);
    }
}

} // namespace

void sharingAState(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    Guest cleo(stage, seen, u"Cleo"_s);
    cleo.setBaseProfileOnly(true);
    ann.state();
    for (Guest *guest : {&ann, &cleo})
        guest->join(u"lobby"_s);
    ann.waitForEnd(ann.state().set(u"score"_s, QJsonArray{3, 1}));
    ann.waitForState({{u"score"_s, QJsonArray{3, 1}}});
    // Who comes late gets all of it.
    bob.state();
    bob.join(u"lobby"_s);
    bob.waitForState({{u"score"_s, QJsonArray{3, 1}}});
    bob.waitForEnd(bob.state().remove(u"score"_s));
    bob.waitForEnd(bob.state().remove(u"nothing"_s));
    ann.waitForState({});
    // It takes its place among the events, of which the base profile hears the others.
    ann.emitEvent(u"message"_s, 1);
    for (Guest *guest : {&ann, &bob, &cleo})
        guest->waitForEvents(1);
}

void changingSeveralKeysAtOnce(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    shareLobby({&ann, &bob});
    QList<QFuture<DispatchAcknowledgement>> changes;
    for (int i = 1; i < 4; ++i)
        changes += {ann.state().set(u"a"_s, i), ann.state().set(u"b"_s, i)};
    for (const auto &change : changes) {
        ann.waitForEnd(change);
        ann.note(u"made as "_s + QString::number(change.result().sequence));
    }
    for (Guest *guest : {&ann, &bob})
        guest->waitForState({{u"a"_s, 3}, {u"b"_s, 3}});
}

void owningAKey(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    shareLobby({&ann, &bob});
    ann.waitForEnd(ann.state().set(u"cursor"_s, 1, {.owned = true}));
    ann.waitForEnd(ann.state().set(u"word"_s, u"hi"_s));
    bob.waitForState({{u"cursor"_s, 1}, {u"word"_s, u"hi"_s}});
    bob.waitForEnd(bob.state().set(u"cursor"_s, 2));
    bob.waitForErrors(1);
    ann.disconnectFromServer();
    bob.waitForState({{u"word"_s, u"hi"_s}});
}

void changingWhatAnotherOneChanged(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    shareLobby({&ann, &bob});
    ann.waitForEnd(ann.state().set(u"turn"_s, u"ann"_s, {.ifSequence = 0}));
    bob.waitForState({{u"turn"_s, u"ann"_s}});
    bob.waitForEnd(bob.state().set(u"turn"_s, u"bob"_s, {.ifSequence = 0}));
    bob.waitForErrors(1);
    bob.waitForEnd(bob.state().set(u"turn"_s, u"bob"_s, {.ifSequence = 1}));
    ann.waitForState({{u"turn"_s, u"bob"_s}});
}

void keysWhoseTimeIsOver(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.state();
    ann.join(u"lobby"_s);
    ann.waitForEnd(ann.state().set(u"typing"_s, true, {.ttl = std::chrono::milliseconds(20)}));
    ann.waitForState({});
    ann.waitForEnd(ann.state().set(u"typing"_s, true, {.ttl = std::chrono::hours(25)}));
    ann.waitForErrors(1);
    ann.waitForEnd(ann.state().set(QString(256, u'k'), 1));
    ann.waitForErrors(2);
}

void aStateOutlastsALoss(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    shareLobby({&ann, &bob});
    ann.waitForEnd(ann.state().set(u"a"_s, 1, {.owned = true}));
    bob.waitForState({{u"a"_s, 1}});
    stage.drop();
    for (Guest *guest : {&ann, &bob})
        guest->waitForReturn();
    bob.waitForState({{u"a"_s, 1}});
    ann.waitForEnd(ann.state().set(u"a"_s, 2, {.owned = true}));
    bob.waitForState({{u"a"_s, 2}});
}
