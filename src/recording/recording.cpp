// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "recording_p.h"

#include "eventnames_p.h"
#include "limits_p.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

constexpr auto Mark = "dispatchRecording"_L1;
constexpr int Version = 1;

QByteArray lineOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

bool canBeEmitted(const QString &eventName)
{
    const QByteArray name = eventName.toUtf8();
    return !name.isEmpty() && name.size() <= qsizetype(Limits::EventNameBytes)
        && !EventName::isReserved({name.constData(), std::size_t(name.size())});
}

/// Reads into \a step what \a object says that was done; gives how many things it says.
int readDeed(const QJsonObject &object, RecordedStep &step)
{
    int deeds = 0;
    for (const auto &[key, what] : {std::pair("joins"_L1, RecordedStep::Joins),
                                    std::pair("changes"_L1, RecordedStep::Changes)}) {
        if (!object[key].isObject())
            continue;
        ++deeds;
        step.what = what;
        step.value = object[key];
    }
    if (object["leaves"_L1].toBool()) {
        ++deeds;
        step.what = RecordedStep::Leaves;
    }
    if (object["emits"_L1].isString()) {
        ++deeds;
        step.what = RecordedStep::Emits;
        step.eventName = object["emits"_L1].toString();
        step.value = object["payload"_L1];
        step.isPrivate = object["private"_L1].toBool();
    }
    return deeds;
}

using Step = std::variant<RecordedStep, QString>;

/// The step that \a object is, not before \a earliest, or what is wrong with it.
Step readStep(const QJsonObject &object, Milliseconds earliest)
{
    RecordedStep step{Milliseconds(object["at"_L1].toInteger(-1))};
    step.person = object["person"_L1].toString();
    step.userId = object["userId"_L1].toString();
    const int deeds = readDeed(object, step);
    if (step.at.count() < 0)
        return u"says no time: \"at\" is a whole number of ms"_s;
    if (step.at < earliest)
        return u"is earlier than the one before it"_s;
    if (deeds != 1)
        return u"does not say one thing: \"joins\" or \"changes\" with an object, \"leaves\" with "
               "true, or \"emits\" with a name"_s;
    if (step.what != RecordedStep::Emits && step.person.isEmpty())
        return u"does not say who: \"person\" is a name for him"_s;
    if (step.what == RecordedStep::Emits && !canBeEmitted(step.eventName))
        return u"emits what nobody can: a name has 1 to %1 bytes and does not begin with @@"_s.arg(
            Limits::EventNameBytes);
    return step;
}

/// Reads a recording line by line.
class Reader {
public:
    /// Takes a line; what is wrong with it, or nothing.
    QString take(const QByteArray &line, bool isLast)
    {
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(line, &error);
        const QJsonObject object = document.object();
        if (!m_hasHead) {
            m_hasHead = object[Mark].toInt() == Version;
            return m_hasHead ? QString() : u"is not {\"%1\":%2}"_s.arg(Mark).arg(Version);
        }
        if (error.error == QJsonParseError::DeepNesting)
            return u"nests too deep"_s;
        if (error.error != QJsonParseError::NoError && isLast) {
            m_recording.isCutOff = true;
            return {};
        }
        if (error.error != QJsonParseError::NoError)
            return u"is no JSON: "_s + error.errorString();
        if (!document.isObject())
            return u"is no JSON object"_s;
        auto step = readStep(object, m_last);
        if (const auto *fault = std::get_if<QString>(&step))
            return *fault;
        m_recording.steps.push_back(std::get<RecordedStep>(std::move(step)));
        m_last = m_recording.steps.back().at;
        return {};
    }

    bool hasHead() const { return m_hasHead; }
    Recording taken() { return std::move(m_recording); }

private:
    Recording m_recording;
    Milliseconds m_last{0};
    bool m_hasHead = false;
};

} // namespace

QByteArray recordingHead()
{
    return lineOf({{Mark, Version}});
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
        if (step.isPrivate)
            object[u"private"_s] = true;
        break;
    }
    return lineOf(object);
}

std::variant<Recording, QString> readRecording(const QByteArray &text)
{
    if (text.size() > LongestRecording)
        return u"it has more than %1 bytes"_s.arg(LongestRecording);
    Reader reader;
    qsizetype number = 0;
    for (qsizetype begin = 0; begin < text.size();) {
        const qsizetype found = text.indexOf('\n', begin);
        const qsizetype end = found < 0 ? text.size() : found;
        const QByteArray line = text.mid(begin, end - begin);
        begin = end + 1;
        ++number;
        if (line.trimmed().isEmpty())
            continue;
        if (const QString fault = reader.take(line, found < 0); !fault.isEmpty())
            return u"line %1 %2"_s.arg(number).arg(fault);
    }
    if (!reader.hasHead())
        return u"it is empty"_s;
    return reader.taken();
}

} // namespace Dispatch
