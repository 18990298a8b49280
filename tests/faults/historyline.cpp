// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "historyline.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

QJsonObject named(const char *entry, QJsonObject fields = {})
{
    fields[u"entry"_s] = QLatin1StringView(entry);
    return fields;
}

QJsonObject withId(const EventId &id, QJsonObject fields)
{
    fields[u"emitter"_s] = text(id.emitter);
    fields[u"number"_s] = id.number;
    return fields;
}

EventId idOf(const QJsonObject &object)
{
    return {object["emitter"_L1].toString().toStdString(), object["number"_L1].toInt()};
}

QJsonObject toJson(const Entry::Joined &joined)
{
    return named("joined",
                 {{u"shard"_s, text(joined.shard)},
                  {u"epoch"_s, text(joined.epoch)},
                  {u"seq"_s, qint64(joined.seq)},
                  {u"recovered"_s, joined.recovered},
                  {u"clientId"_s, text(joined.clientId)}});
}

QJsonObject toJson(const Entry::Lost &lost)
{
    return named("lost", {{u"reason"_s, text(lost.reason)}});
}

QJsonObject toJson(const Entry::Saw &saw)
{
    return named("saw", {{u"clients"_s, saw.clients}});
}

QJsonObject toJson(const Entry::GaveUp &)
{
    return named("gaveUp");
}

QJsonObject toJson(const Entry::LostForLong &)
{
    return named("lostForLong");
}

QJsonObject toJson(const Entry::Restored &restored)
{
    return named("restored", {{u"recovered"_s, restored.recovered}});
}

QJsonObject toJson(const Entry::Emitted &emitted)
{
    QJsonArray recipients;
    for (const std::string &recipient : emitted.recipients)
        recipients.append(text(recipient));
    return withId(
        emitted.id,
        named("emitted", {{u"recipients"_s, recipients}, {u"isPlain"_s, emitted.isPlain}}));
}

QJsonObject toJson(const Entry::Fate &fate)
{
    return withId(fate.id,
                  named("fate", {{u"kind"_s, int(fate.kind)}, {u"seq"_s, qint64(fate.seq)}}));
}

QJsonObject toJson(const Entry::Received &received)
{
    return withId(
        received.id,
        named("received", {{u"seq"_s, qint64(received.seq)}, {u"replayed"_s, received.replayed}}));
}

Entry::Emitted emittedOf(const QJsonObject &object)
{
    Entry::Emitted emitted{idOf(object), {}, object["isPlain"_L1].toBool()};
    for (const QJsonValue &recipient : object["recipients"_L1].toArray())
        emitted.recipients.push_back(recipient.toString().toStdString());
    return emitted;
}

} // namespace

QByteArray toLine(const AnyEntry &entry)
{
    const QJsonObject object = std::visit([](const auto &one) { return toJson(one); }, entry);
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<AnyEntry> entryOf(const QByteArray &line)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    const QString entry = object["entry"_L1].toString();
    const std::int64_t seq = object["seq"_L1].toInteger();
    const bool recovered = object["recovered"_L1].toBool();
    if (entry == "joined"_L1) {
        return Entry::Joined{object["shard"_L1].toString().toStdString(),
                             object["epoch"_L1].toString().toStdString(), seq, recovered,
                             object["clientId"_L1].toString().toStdString()};
    }
    if (entry == "lost"_L1)
        return Entry::Lost{object["reason"_L1].toString().toStdString()};
    if (entry == "saw"_L1)
        return Entry::Saw{object["clients"_L1].toInt()};
    if (entry == "gaveUp"_L1)
        return Entry::GaveUp{};
    if (entry == "lostForLong"_L1)
        return Entry::LostForLong{};
    if (entry == "restored"_L1)
        return Entry::Restored{recovered};
    if (entry == "emitted"_L1)
        return emittedOf(object);
    if (entry == "fate"_L1)
        return Entry::Fate{idOf(object), Entry::Fate::Kind(object["kind"_L1].toInt()), seq};
    if (entry == "received"_L1)
        return Entry::Received{idOf(object), seq, object["replayed"_L1].toBool()};
    return std::nullopt;
}

} // namespace Dispatch::Faults
