// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventmodeltest.h"

#include <QtCore/qmetaobject.h>
#include <QtTest/qabstractitemmodeltester.h>

using namespace Qt::StringLiterals;

std::unique_ptr<DispatchEventModel> EventModelTest::makeModel()
{
    auto model = std::make_unique<Model>();
    new QAbstractItemModelTester(
        model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest, model.get());
    model->setEventName(u"x"_s);
    model->setClient(m_client.get());
    return model;
}

bool EventModelTest::joinExtended(const QJsonObject &greeting)
{
    greetWith(greeting);
    return join();
}

void EventModelTest::sendFrom(const QString &sender, int seq, const QJsonValue &payload)
{
    m_server->last()->sendText(
        eventText(seq, {{u"from"_s, sender}, {u"time"_s, 1'000 + seq}, {u"payload"_s, payload}}));
}

QString EventModelTest::tell(const Model &model)
{
    QStringList rows;
    for (int row = 0; row < model.count(); ++row) {
        const auto status = Model::Status(at(model, row, Model::StatusRole).toInt());
        rows.append(at(model, row, Model::PayloadRole).toString() + u' '
                    + QString::fromLatin1(QMetaEnum::fromType<Model::Status>().valueToKey(status)));
    }
    return rows.join(u", "_s);
}
