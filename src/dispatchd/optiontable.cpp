// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "optiontable_p.h"

#include <array>
#include <limits>

namespace Dispatch {

namespace {

constexpr qint64 Largest = std::numeric_limits<int>::max();
constexpr qint64 OneDay = 24 * 60 * 60 * 1000; // in ms
constexpr const char *TopLevel = "";

constexpr OptionRow number(const char *section, const char *property, qint64 least, qint64 most,
                           const char *comment, Reload reload = Reload::AtOnce)
{
    return {property, section, comment, reload, least, most};
}

constexpr OptionRow number(const char *property, qint64 least, qint64 most, const char *comment,
                           Reload reload = Reload::AtOnce)
{
    return number(TopLevel, property, least, most, comment, reload);
}

constexpr OptionRow flag(const char *section, const char *property, const char *comment,
                         Reload reload = Reload::AtOnce)
{
    return {property, section, comment, reload};
}

constexpr OptionRow flag(const char *property, const char *comment, Reload reload = Reload::AtOnce)
{
    return flag(TopLevel, property, comment, reload);
}

constexpr OptionRow list(const char *property, const char *comment)
{
    return {property, TopLevel, comment};
}

constexpr OptionRow text(const char *section, const char *property, TextKind kind,
                         const char *comment, Reload reload = Reload::AtOnce,
                         const char *choices = "")
{
    return {property, section, comment, reload, 0, 0, kind, choices};
}

// One row for each property; a test complains about one that has none.
constexpr std::array Table = {
    text(TopLevel, "address", TextKind::Address,
         "The IP address to listen on; 0.0.0.0 and :: are all of this machine.", Reload::AtRestart),
    number("port", 0, 65535, "The port to listen on; 0 takes a free one.", Reload::AtRestart),
    flag("insecure",
         "Allow others than this machine to connect without TLS: whoever is on the way can read "
         "and change all that is sent. Right behind a proxy that speaks TLS.",
         Reload::AtRestart),
    number("threads", 1, 256, "Threads that serve connections; one a core is enough.",
           Reload::AtRestart),
    text(TopLevel, "secretFile", TextKind::File,
         "Accept tokens (JWT, HS256) signed with the secret in this file, at least 32 bytes. "
         "Without any key each token is refused."),
    flag("requireProjectId", "Refuse clients that name no project, instead of giving 'default'."),
    number("maxConnections", 1, Largest, "Connections in all; over it a join is refused with 503."),
    number("maxConnectionsPerShard", 1, Largest,
           "The highest limit of a shard that a client may ask for."),
    number("handshakeTimeout", 1, OneDay,
           "From accept, through the handshake of TLS, to the end of a request's header, in ms; "
           "over it the answer is 408."),
    number("heartbeatInterval", 1, OneDay, "Between two pings to a client, in ms."),
    number("heartbeatTimeout", 1, OneDay,
           "A client that is silent for so long after a ping is dropped, in ms; one that answers "
           "none, after heartbeat_interval and this."),
    number("presenceInterval", 0, OneDay,
           "The least time between two presence lists of a shard, in ms."),
    number("maxWriteQueueBytes", 1, Largest,
           "What may wait for one client, in bytes; over it the client is dropped."),
    number("writeStallTimeout", 1, OneDay,
           "A client that takes nothing of what waits for so long is dropped, in ms."),
    number("maxMessageBytes", 1, Largest, "The longest message of a client, in bytes."),
    number("maxJsonTokens", 1, Largest, "The most keys and values of a message."),
    number("maxFragments", 1, Largest, "The most fragments of a message, empty ones included."),
    number("messageTimeout", 1, OneDay,
           "From the first byte of a message to its last, in ms; over it the client is dropped."),
    number("maxUserInfoBytes", 1, Largest, "The longest user info of a client, in bytes."),
    number("maxRecipients", 1, Largest, "The most recipients of an event."),
    number("tokenExpiryGrace", 1, OneDay,
           "For another token, once that of a client has ended, in ms."),
    flag("requireShardClaim", "Refuse joins without a token that names the shard (shards)."),
    number("sessionWindow", 0, OneDay,
           "For so long a client that lost its connection keeps its place and can go on, in ms; 0 "
           "is not at all."),
    number("maxReplayEvents", 0, Largest,
           "The most events that are kept for those: of a shard, and for one client."),
    number("maxReplayBytes", 0, Largest, "The most bytes of these, in a shard and for one client."),
    number("maxHistory", 0, Largest,
           "The most of these events of a shard that a newcomer may ask for."),
    list("historyProjects", "The projects whose newcomers may; empty is all."),
    number("maxStateKeys", 0, Largest,
           "The most keys of the shared state of a shard; 0 is no shared state."),
    number("maxStateKeyBytes", 1, Largest, "The longest key of it, in bytes."),
    number("maxStateValueBytes", 1, Largest, "The longest value of a key, in bytes of JSON."),
    number("maxStateBytes", 1, Largest,
           "All keys and values of a shard, in bytes; each who joins is sent them."),
    number("maxStateTtl", 1, Largest, "The longest time that a key can be given to live, in ms."),
    list("allowedOrigins",
         "The origins whose pages may join, as browsers send them: https://rooms.example, "
         "http://localhost:8080. null is a page without one; * is all pages of all sites, which "
         "may then join in the name of those who look at them. Empty: pages of the host that they "
         "connect to."),
    flag("requireOrigin", "Refuse joins without an origin, which are those of no browser, too."),
    list("trustedProxies",
         "The addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Host are "
         "believed: 127.0.0.1, 10.0.0.0/8, 2001:db8::/32."),
    list("unlimitedAddresses",
         "The addresses and networks that limits for one address are not for; nor are they for "
         "trusted proxies."),
    number("maxConnectionsPerAddress", 1, Largest,
           "Connections of one IPv4 address, or of one IPv6 network (/64); over it the answer is "
           "429."),
    number("connectionsPerSecond", 0, Largest,
           "Connections that are accepted, a second; over it the answer is 503; 0 is no limit."),
    number("connectionBurst", 1, Largest, "Connections that are accepted at once."),
    number("infoRequestsPerSecond", 0, Largest,
           "Requests of /info from one address, a second; over it the answer is 429; 0 is no "
           "limit."),
    number("infoRequestBurst", 1, Largest, "Requests of /info from one address, at once."),
    number("maxPresenceBytes", 1, Largest,
           "The longest presence list, in bytes; over it user infos are left out."),
    number("maxConnectionsPerUser", 1, Largest, "Connections of one user in one project."),
    number("messagesPerSecond", 0, Largest,
           "Messages of one client, in the long run; 0 is no limit."),
    number("messageBurst", 1, Largest, "Messages of one client, at once."),
    number("bytesPerSecond", 0, Largest,
           "Bytes of the messages of one client, in the long run; 0 is no limit."),
    number("byteBurst", 1, Largest, "Bytes of the messages of one client, at once."),
    number("floodTimeout", 1, OneDay,
           "A client that is over these limits for so long is dropped, in ms."),
    number("maxFanOutPerSecond", 0, Largest,
           "Messages times receivers of one project, a second; 0 is no limit."),
    number("userInfoPerSecond", 0, Largest,
           "Changes of one client's user info, a second; 0 is no limit."),
    number("userInfoBurst", 1, Largest, "Changes of one client's user info, at once."),
    number("controlFramesPerSecond", 0, Largest,
           "Pings and pongs of one client, a second; 0 is no limit."),
    number("controlFrameBurst", 1, Largest, "Pings and pongs of one client, at once."),
    number("healthTimeout", 1, OneDay,
           "A thread that does not turn for so long is called stuck by /healthz, in ms."),
    number("apiRequestsPerSecond", 0, Largest,
           "Requests of one project's back ends by HTTP, a second; 0 is no limit."),
    number("apiRequestBurst", 1, Largest, "Requests of one project's back ends, at once."),
    number("idempotencyWindow", 1, OneDay,
           "For so long a request that is repeated is not done again, in ms."),
    number("maxIdempotencyKeys", 1, Largest,
           "The most requests that are remembered for that, of all projects; over it new ones are "
           "refused."),
    number("maxIdempotencyKeysPerProject", 1, Largest, "The same of one project."),
    number("maxBans", 1, Largest, "The most bans, of all projects."),
    number("maxBansPerProject", 1, Largest, "The most bans, of one project."),
    number("drainTime", 0, OneDay,
           "In which clients are sent away before the end, evenly and soon enough to be back "
           "elsewhere, "
           "in ms; 0 sends all at once. Right where another server is there for them."),
    number("flushTimeout", 1, OneDay,
           "For what still waits for a client that is closed, and for its answer, in ms."),
    text(TopLevel, "engine", TextKind::Any,
         "Where several servers keep what they share, so that it is the same to clients which one "
         "they are with: memory is a server on its own; redis://[user[:password]@]host[:port], "
         "rediss://... the same with TLS, or redis+unix:///path of a socket. Special characters of "
         "user and password are %XX; better, "
         "give the password in engine_password_file.",
         Reload::AtRestart),
    text(TopLevel, "enginePasswordFile", TextKind::File, "The password for that is in this file.",
         Reload::AtRestart),
    text(TopLevel, "engineKeyPrefix", TextKind::Any,
         "What all keys and channels in Redis begin with; servers with other prefixes share "
         "nothing.",
         Reload::AtRestart),
    text(TopLevel, "engineCaFile", TextKind::File,
         "The certificates (PEM) of those who sign that of Redis, for rediss://; empty: those that "
         "this machine trusts.",
         Reload::AtRestart),
    number("engineTimeout", 1, OneDay,
           "For an answer of the engine, in ms; a server that gets none goes on with what needs "
           "none, and tries again.",
           Reload::AtRestart),
    number("engineLease", 100, OneDay,
           "A server that gives no sign for so long has died to the others, which let its clients "
           "go, in ms. At least twice engine_timeout, and longer than session_window.",
           Reload::AtRestart),
    number("engineEmitTimeout", 1, OneDay,
           "For which an event waits while the engine can't be reached, in ms; then it is "
           "refused."),
    text("tls", "tlsCertificateFile", TextKind::File,
         "Speak TLS (wss://, https://) alone, with the certificate in this file (PEM), which is "
         "followed by those that it is signed with. Another one takes effect for new connections; "
         "whether there is TLS at all changes at the next start."),
    text("tls", "tlsKeyFile", TextKind::File,
         "The private key of the certificate (PEM, without a passphrase)."),
    text("operators", "operatorsAddress", TextKind::AddressOrNone,
         "The IP address that operators are served on: status page, health, metrics. They need no "
         "password. Empty: they are not served.",
         Reload::AtRestart),
    number("operators", "operatorsPort", 0, 65535,
           "The port that operators are served on; 0 takes a free one.", Reload::AtRestart),
    flag("operators", "operatorsInsecure",
         "Allow others than this machine to see all that operators see. Right in a network that "
         "only operators and their programs are in.",
         Reload::AtRestart),
    text("log", "logFormat", TextKind::Choice,
         "How a line of the log on stderr is written: as text, or as a JSON object.",
         Reload::AtOnce, "text|json"),
    text("log", "logLevel", TextKind::Choice, "The lowest level that is logged.", Reload::AtOnce,
         "debug|info|warning|error"),
};

} // namespace

std::span<const OptionRow> optionRows()
{
    return Table;
}

} // namespace Dispatch
