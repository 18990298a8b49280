// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandtable_p.h"
#include "printable_p.h"
#include "secrettext_p.h"
#include "tokenkey_p.h"
#include "tokenreport_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

enum class Signature { Unchecked, Good, Bad };

struct SignatureText {
    QString word; ///< for programs
    QString line; ///< for people
};

SignatureText textOf(Signature signature)
{
    switch (signature) {
    case Signature::Good:
        return {u"good"_s, u"Signature: good, it was made with that key."_s};
    case Signature::Bad:
        return {u"bad"_s, u"Signature: BAD, it was not made with that key."_s};
    case Signature::Unchecked:
        break;
    }
    return {u"unchecked"_s,
            u"Signature: not checked, anybody can have written this. Check it with --key-file."_s};
}

bool isTime(const QString &claim)
{
    return claim == "exp"_L1 || claim == "nbf"_L1 || claim == "iat"_L1;
}

class TokenInspect : public Command {
public:
    TokenInspect(const TokenReport &report, Signature signature, qint64 now, Console &console)
        : Command(console)
        , m_report(report)
        , m_signature(signature)
        , m_now(now)
    {
    }

    void start() override
    {
        show(u"Header"_s, m_report.header);
        show(u"Claims"_s, m_report.claims);
        const auto [word, line] = textOf(m_signature);
        console().print(line);
        for (const QString &problem : m_report.problems)
            console().print(u"A server would refuse it: "_s + problem);
        console().record({{u"header"_s, m_report.header},
                          {u"claims"_s, m_report.claims},
                          {u"signature"_s, word},
                          {u"problems"_s, QJsonArray::fromStringList(m_report.problems)}});
        const bool isFine = m_report.problems.isEmpty() && m_signature != Signature::Bad;
        finish(isFine ? ExitCode::Fine : ExitCode::Failed);
    }

private:
    void show(const QString &title, const QJsonObject &members)
    {
        if (members.isEmpty())
            return;
        console().print(title);
        for (auto it = members.begin(); it != members.end(); ++it) {
            QString line = u"  %1 %2"_s.arg(it.key().leftJustified(8), compactJson(it.value()));
            if (isTime(it.key()) && it.value().isDouble()) {
                const qint64 time = it.value().toInteger() * 1000;
                line += u"  (%1, %2)"_s.arg(formatTime(time), formatRelative(time, m_now * 1000));
            }
            console().print(line);
        }
    }

    const TokenReport m_report;
    const Signature m_signature;
    const qint64 m_now;
};

QByteArray readGiven(const Settings &settings, OptionReader &read)
{
    const QString argument = read.positional().value(0);
    if (argument == "-"_L1) {
        const SecretText text = readSecretText(argument);
        if (!text.problem.isEmpty())
            read.complain(text.problem);
        return text.text;
    }
    const QString token = argument.isEmpty() ? settings.token : argument;
    if (token.isEmpty())
        read.complain(u"Give a token: as argument, in --token-file, or on stdin with -."_s);
    return token.trimmed().toUtf8();
}

Signature checkSignature(const QByteArray &token, const TokenReport &report, OptionReader &read)
{
    if (!read.isSet(u"key-file"_s))
        return Signature::Unchecked;
    // The kind of key that the file has to hold is the token's word. A secret is never taken for a
    // public key, nor the other way round: TokenKey looks.
    const QString algorithm = report.header["alg"_L1].toString();
    if (!isTokenAlgorithm(algorithm))
        return Signature::Bad;
    const auto key = TokenKey::read(read.text(u"key-file"_s), algorithm, TokenKey::Use::Verify);
    if (const auto *problem = std::get_if<QString>(&key)) {
        read.complain(u"--key-file: The token says %1. %2"_s.arg(algorithm, *problem));
        return Signature::Bad;
    }
    return std::get<TokenKey>(key).hasSigned(token) ? Signature::Good : Signature::Bad;
}

std::unique_ptr<Command> makeTokenInspect(const Settings &settings, OptionReader &read,
                                          Console &console)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const QByteArray token = readGiven(settings, read);
    const TokenReport report = inspectToken(token, settings.projectId, now);
    return std::make_unique<TokenInspect>(report, checkSignature(token, report, read), now,
                                          console);
}

} // namespace

CommandInfo tokenInspectCommand()
{
    return {
        .name = u"token inspect"_s,
        .arguments = u"[TOKEN|-]"_s,
        .maxArguments = 1,
        .summary = u"Show what a token says, and why a server would refuse it"_s,
        .description =
            u"Shows header and claims of a token, and what a server would object to: with 1 if "
            u"there "
            "is anything. Without --key-file that proves nothing, because anybody can write such "
            "text. - reads the token from stdin."_s,
        .shared = SharedOption::TokenProject | SharedOption::Token | SharedOption::Output,
        .options =
            {{u"key-file"_s, u"FILE"_s,
              u"Check the signature, too: with the secret (HS256) or the public key (PEM)"_s}},
        .make = makeTokenInspect,
    };
}

} // namespace Dispatch::Ctl
