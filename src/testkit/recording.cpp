// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "recording_p.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <optional>

using namespace Qt::StringLiterals;

namespace Dispatch::TestKit {

namespace {

constexpr auto Mark = "dispatchRecording"_L1;
constexpr int Version = 1;
constexpr qsizetype LongestRecording = 64 * 1024 * 1024;

QByteArray line(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

/// What \a object says that somebody did; nothing if it does not say it, or more than that.
std::optional<RecordedStep> stepOf(const QJsonObject &object)
{
    RecordedStep step{Milliseconds(object["at"_L1].toInteger(-1))};
    step.person = object["person"_L1].toString();
    step.userId = object["userId"_L1].toString();
    int things = 0;
    for (const auto &[key, what] : {std::pair("joins"_L1, RecordedStep::Joins),
                                    std::pair("changes"_L1, RecordedStep::Changes)}) {
        if (!object[key].isObject())
            continue;
        ++things;
        step.what = what;
        step.value = object[key];
    }
    if (object["leaves"_L1].toBool()) {
        ++things;
        step.what = RecordedStep::Leaves;
    }
    if (object["emits"_L1].isString()) {
        ++things;
        step.eventName = object["emits"_L1].toString();
        step.value = object["payload"_L1];
    }
    const bool needsPerson = step.what != RecordedStep::Emits;
    if (things != 1 || step.at.count() < 0 || (needsPerson && step.person.isEmpty()))
        return std::nullopt;
    return step;
}

} // namespace

QByteArray recordingHead()
{
    return line({{Mark, Version}});
}

QByteArray recordedLine(const RecordedStep &step)
{
    QJsonObject object{{u"at"_s, qint64(step.at.count())}};
    if (!step.person.isEmpty())
        object[u"person"_s] = step.person;
    if (!step.userId.isEmpty())
        object[u"userId"_s] = step.userId;
    switch (step.what) {
    case RecordedStep::Joins:
        object[u"joins"_s] = step.value;
        break;
    case RecordedStep::Changes:
        object[u"changes"_s] = step.value;
        break;
    case RecordedStep::Leaves:
        object[u"leaves"_s] = true;
        break;
    case RecordedStep::Emits:
        object[u"emits"_s] = step.eventName;
        if (!step.value.isUndefined())
            object[u"payload"_s] = step.value;
        break;
    }
    return line(object);
}

std::variant<std::vector<RecordedStep>, QString> readRecording(const QByteArray &recording)
{
    if (recording.size() > LongestRecording)
        return u"it has more than %1 bytes"_s.arg(LongestRecording);
    std::vector<RecordedStep> steps;
    Milliseconds last{0};
    int number = 0;
    bool hasHead = false;
    for (const QByteArray &text : recording.split('\n')) {
        ++number;
        if (text.trimmed().isEmpty())
            continue;
        const QJsonObject object = QJsonDocument::fromJson(text).object();
        if (!std::exchange(hasHead, true)) {
            if (object[Mark].toInt() != Version)
                return u"it does not begin with {\"%1\":%2}"_s.arg(Mark).arg(Version);
            continue;
        }
        auto step = stepOf(object);
        if (!step || step->at < last)
            return u"line %1 is no step, or earlier than the one before it"_s.arg(number);
        last = step->at;
        steps.push_back(*std::move(step));
    }
    if (!hasHead)
        return u"it is empty"_s;
    return steps;
}

} // namespace Dispatch::TestKit
