// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandtable_p.h"
#include "tokenkey_p.h"
#include "tokenreport_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

constexpr Milliseconds DefaultLife = std::chrono::hours(1);

class TokenMake : public Command {
public:
    TokenMake(const QByteArray &token, Console &console)
        : Command(console)
        , m_token(token)
    {
    }

    void start() override
    {
        console().print(QString::fromLatin1(m_token));
        console().record({{u"token"_s, QString::fromLatin1(m_token)}});
        finish();
    }

private:
    const QByteArray m_token;
};

QJsonValue readShards(OptionReader &read)
{
    QJsonArray shards;
    for (const QString &value : read.texts(u"shards"_s)) {
        for (const QString &name : value.split(u',', Qt::SkipEmptyParts))
            shards.append(name);
    }
    return shards;
}

QJsonObject readClaims(const Settings &settings, OptionReader &read)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const auto life =
        read.duration(u"expires"_s, std::chrono::seconds(1), LongestDuration).value_or(DefaultLife);
    const qint64 lifeSeconds = std::chrono::ceil<std::chrono::seconds>(life).count();
    const QString audience =
        read.isSet(u"audience"_s) ? read.text(u"audience"_s) : settings.projectId;
    if (audience.isEmpty())
        read.complain(u"Name the project that the token is for: --project."_s);
    QJsonObject claims{{u"aud"_s, audience}, {u"iat"_s, now}, {u"exp"_s, now + lifeSeconds}};
    const QString role = read.text(u"role"_s);
    if (!role.isEmpty())
        claims.insert(u"role"_s, role);
    if (read.isSet(u"subject"_s))
        claims.insert(u"sub"_s, read.text(u"subject"_s));
    else if (role != "backend"_L1)
        read.complain(u"Name the user that the token is for: --subject."_s);
    if (read.isSet(u"issuer"_s))
        claims.insert(u"iss"_s, read.text(u"issuer"_s));
    if (read.isSet(u"shards"_s))
        claims.insert(u"shards"_s, readShards(read));
    return claims;
}

QByteArray makeToken(const QJsonObject &claims, OptionReader &read)
{
    const QString algorithm = read.isSet(u"algorithm"_s) ? read.text(u"algorithm"_s) : u"HS256"_s;
    if (!isTokenAlgorithm(algorithm))
        read.complain(u"--algorithm is HS256, RS256 or ES256, not '%1'."_s.arg(algorithm));
    const QString keyId = read.text(u"kid"_s);
    if (read.isSet(u"kid"_s) && !isValidKeyId(keyId))
        read.complain(u"--kid is 1 to 64 of the characters A-Z a-z 0-9 . _ -."_s);
    if (!read.isSet(u"key-file"_s))
        read.complain(u"Name the key to sign with: --key-file."_s);
    if (!read.problem().isEmpty())
        return {};

    const auto key = TokenKey::read(read.text(u"key-file"_s), algorithm, TokenKey::Use::Sign);
    if (const auto *problem = std::get_if<QString>(&key)) {
        read.complain(u"--key-file: "_s + *problem);
        return {};
    }
    const auto token = std::get<TokenKey>(key).sign(claims, keyId);
    if (!token) {
        read.complain(u"--key-file: nothing can be signed with this key."_s);
        return {};
    }
    // What no server takes is not worth printing.
    const TokenReport report = inspectToken(*token, {}, QDateTime::currentSecsSinceEpoch());
    if (!report.problems.isEmpty())
        read.complain(u"A server would refuse this token: "_s + report.problems.first());
    return *token;
}

std::unique_ptr<Command> makeTokenMake(const Settings &settings, OptionReader &read,
                                       Console &console)
{
    const QJsonObject claims = readClaims(settings, read);
    return std::make_unique<TokenMake>(makeToken(claims, read), console);
}

} // namespace

CommandInfo tokenMakeCommand()
{
    return {
        .name = u"token make"_s,
        .summary = u"Make a token for a user or a back end"_s,
        .description =
            u"Makes a JSON Web Token and prints it. Whoever has it is that user, or that "
            "back end, until it expires."_s,
        .shared = SharedOption::TokenProject | SharedOption::Output,
        .options = {{u"key-file"_s, u"FILE"_s,
                     u"The key: a secret for HS256, a private key (PEM) for RS256 and ES256"_s},
                    {u"algorithm"_s, u"NAME"_s, u"HS256, RS256 or ES256. Default: HS256"_s},
                    {u"subject"_s, u"USER"_s, u"The user's id"_s},
                    {u"expires"_s, u"TIME"_s, u"When it ends, from now. Default: 1h"_s},
                    {u"kid"_s, u"NAME"_s, u"The key's name, if the server knows it by one"_s},
                    {u"role"_s, u"ROLE"_s,
                     u"'backend' makes the token of a back end, which needs no --subject"_s},
                    {u"shards"_s, u"A,B"_s,
                     u"It is good for these shards alone; can be repeated"_s},
                    {u"audience"_s, u"TEXT"_s,
                     u"If the server's key is configured with one. Default: the project"_s},
                    {u"issuer"_s, u"TEXT"_s, u"If the server's key is configured with one"_s}},
        .make = makeTokenMake,
    };
}

} // namespace Dispatch::Ctl
