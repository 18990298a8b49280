// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "apiclient_p.h"
#include "commandtable_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

struct KickWish {
    bool isUser = false;
    QString name; ///< the user's or the client's id
    std::optional<Milliseconds> ban;
    QString reason;
};

ApiRequest requestFor(const KickWish &wish)
{
    const QString kind = wish.isUser ? u"users"_s : u"clients"_s;
    if (!wish.ban)
        return {.method = "DELETE"_ba, .path = {kind, wish.name}};
    const qint64 seconds = std::chrono::ceil<std::chrono::seconds>(*wish.ban).count();
    QJsonObject body{{u"seconds"_s, seconds}};
    if (!wish.reason.isEmpty())
        body.insert(u"reason"_s, wish.reason);
    return {.method = "PUT"_ba, .path = {u"bans"_s, kind, wish.name}, .body = body};
}

class Kick : public Command {
public:
    Kick(const Settings &settings, const KickWish &wish, Console &console)
        : Command(console)
        , m_wish(wish)
        , m_api(settings)
    {
    }

    void start() override
    {
        m_api.send(requestFor(m_wish), [this](const ApiClient::Answer &answer) {
            if (const auto *failure = std::get_if<Failure>(&answer))
                return fail(*failure);
            show(std::get<QJsonObject>(answer));
        });
    }

private:
    void show(const QJsonObject &answer)
    {
        QString line = u"Connections ended: %1."_s.arg(answer["disconnected"_L1].toInt());
        if (m_wish.ban) {
            const qint64 seconds = answer["seconds"_L1].toInteger();
            line += u" Banned for %1: %2 '%3'."_s.arg(
                formatDuration(std::chrono::seconds(seconds)),
                answer["kind"_L1] == "addresses"_L1 ? u"address"_s : u"user"_s,
                answer["name"_L1].toString());
        }
        console().print(line);
        console().record(answer);
        finish();
    }

    const KickWish m_wish;
    ApiClient m_api;
};

std::unique_ptr<Command> makeKick(const Settings &settings, OptionReader &read, Console &console)
{
    KickWish wish;
    wish.isUser = read.isSet(u"user"_s);
    const bool isClient = !read.positional().isEmpty();
    if (wish.isUser && isClient)
        read.complain(u"Name a client or, with --user, a user, not both."_s);
    if (!wish.isUser && !isClient)
        read.complain(u"Name a client or, with --user, a user."_s);
    wish.name = wish.isUser ? read.text(u"user"_s) : read.positional().value(0);
    if (wish.name.isEmpty())
        read.complain(u"The id is empty."_s);
    wish.ban = read.duration(u"ban"_s, std::chrono::seconds(1), LongestDuration);
    wish.reason = read.text(u"reason"_s);
    if (read.isSet(u"reason"_s) && !read.isSet(u"ban"_s))
        read.complain(u"--reason is for bans: give --ban, too."_s);
    if (settings.projectToken.isEmpty())
        read.complain(u"A project token is needed: give --project-token-file."_s);
    return std::make_unique<Kick>(settings, wish, console);
}

} // namespace

CommandInfo kickCommand()
{
    return {
        .name = u"kick"_s,
        .arguments = u"[CLIENT]"_s,
        .maxArguments = 1,
        .summary = u"Disconnect a client or a user, or ban one for a time"_s,
        .description =
            u"Ends the connection of a client, or all connections of a user, who are told not to "
            "come back. With --ban they can't: the user or, if a client is not identified, its "
            "address."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::ProjectToken
            | SharedOption::Output,
        .options = {{u"user"_s, u"ID"_s, u"A user instead of a client"_s},
                    {u"ban"_s, u"TIME"_s, u"Keep them out that long"_s},
                    {u"reason"_s, u"TEXT"_s, u"What the banned are told"_s}},
        .make = makeKick,
    };
}

} // namespace Dispatch::Ctl
