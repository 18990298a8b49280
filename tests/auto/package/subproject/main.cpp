// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    DispatchClient client;
    client.setProjectId("guest");
    const bool asMade =
        client.projectId() == "guest" && client.state() == DispatchClient::Disconnected;
    return asMade ? 0 : 1;
}
