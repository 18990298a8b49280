// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What must compile, and with MISUSE what must not: each line has a message that says what to do.

#include <DispatchClient>

struct Plain {
    int n = 0;
};

struct Own {
    static Own fromJson(const QJsonObject &) { return {}; }
    QJsonObject toJson() const { return {}; }
};

void use(DispatchClient &client)
{
    client.on<Own>(QStringLiteral("x"), &client, [](const Own &) {});
    client.onRequest<Own>(QStringLiteral("x"), &client, [](const Own &own) { return own; });
    client.emitEvent(QStringLiteral("x"), Own());
    client.request<Own>(QStringLiteral("x"), Own());
#ifdef MISUSE
    client.on<Plain>(QStringLiteral("x"), &client, [](const Plain &) {});
    client.emitEvent(QStringLiteral("x"), Plain());
    client.emitAcknowledged(QStringLiteral("x"), QObject::staticMetaObject);
    client.request<Plain>(QStringLiteral("x"));
    client.on<Own>(QStringLiteral("x"), &client, [](int) {});
    client.on(QStringLiteral("x"), &client, [](const Own &) {});
    client.onRequest<Own>(QStringLiteral("x"), &client, [](const Own &) {});
    dispatchRegisterPayloadType<Plain>();
#endif
}
