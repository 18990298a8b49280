// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlrecordtest.h"

QString compact(const QJsonValue &value)
{
    return QString::fromUtf8(
        QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).chopped(1).sliced(1));
}

void CtlRecordTest::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_server = std::make_unique<CtlServer>();
    DispatchServerSettings settings;
    settings.presenceInterval = 0; // each step is seen
    m_server->server().setSettings(settings);
    QVERIFY(m_server->start());
    m_path = m_server->path(u"room.jsonl"_s);
}

bool CtlRecordTest::startRecording(const QStringList &arguments)
{
    m_ctl->start(QStringList{u"record"_s, u"--project=game"_s, u"--shard=room"_s} + arguments,
                 m_server->surroundings());
    return QTest::qWaitFor([&] { return m_server->server().statistics().connections > 0; },
                           CtlProcess::DeadlineMs);
}

std::unique_ptr<DispatchClient> CtlRecordTest::join(const QString &name)
{
    auto client = m_server->join(u"room"_s);
    if (client)
        client->setUserInfo({{u"name"_s, name}});
    return client;
}

QByteArray CtlRecordTest::written(const QString &name) const
{
    QFile file(m_server->path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
