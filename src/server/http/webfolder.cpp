// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "webfolder_p.h"

#include "authority_p.h"
#include "inforoute_p.h"
#include "router_p.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qmimedatabase.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

// They are kept in memory: this is for the page of an app, not for a web site.
constexpr qsizetype MaxFiles = 100;
constexpr qint64 MaxBytes = 8 * 1024 * 1024;

const QString Index = u"index.html"_s;

std::string contentTypeOf(const QString &name)
{
    if (name.endsWith(".js"_L1) || name.endsWith(".mjs"_L1))
        return "text/javascript; charset=utf-8";
    const QString type =
        QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension).name();
    return (type.startsWith("text/"_L1) ? type + "; charset=utf-8"_L1 : type).toStdString();
}

/// A name that stands in a path as it is.
bool isPlainName(const QString &name)
{
    return std::ranges::all_of(name, [](QChar c) {
        return (c.isLetterOrNumber() && c.unicode() < 128) || c == u'.' || c == u'_' || c == u'-';
    });
}

/// What the page may do: all that it has is from here, and it talks to this server alone. Not every
/// browser takes 'self' for WebSockets, too.
std::string contentSecurityPolicy(std::string_view host)
{
    std::string connect = "'self'";
    // What is no name or address of a machine could say something else here.
    if (host.find_first_of(";, '\"") == std::string_view::npos && parseAuthority(host))
        connect.append(" ws://").append(host).append(" wss://").append(host);
    return "default-src 'self'; img-src 'self' data:; connect-src " + connect
        + "; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

HttpResponse answerTo(const HttpRequest &request, const WebFile &file)
{
    HttpResponse response;
    response.contentType = file.contentType;
    response.body = file.content;
    response.fields = {
        {"Cache-Control", "no-cache"},
        {"Content-Security-Policy", contentSecurityPolicy(request.field("host"))},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
    };
    return response;
}

} // namespace

std::variant<std::vector<WebFile>, QString> readWebFolder(const QString &folder)
{
    if (folder.isEmpty())
        return std::vector<WebFile>();
    const QDir dir(folder);
    const QStringList names = dir.entryList(QDir::Files, QDir::Name);
    if (!names.contains(Index))
        return u"There is no %1 in the web folder '%2'."_s.arg(Index, folder);
    if (names.size() > MaxFiles) {
        return u"The web folder '%1' has %2 files: %3 can be served."_s.arg(folder)
            .arg(names.size())
            .arg(MaxFiles);
    }
    std::vector<WebFile> files;
    qint64 bytes = 0;
    for (const QString &name : names) {
        QFile file(dir.filePath(name));
        if (!isPlainName(name))
            return u"%1 can't be served: give it a name of A-Z a-z 0-9 . _ -"_s.arg(
                file.fileName());
        bytes += file.size();
        if (bytes > MaxBytes) {
            return u"The web folder '%1' has more than the %2 MiB that can be served."_s.arg(folder)
                .arg(MaxBytes / (1024 * 1024));
        }
        if (!file.open(QIODevice::ReadOnly))
            return u"%1 can't be read: %2."_s.arg(file.fileName(), file.errorString());
        const QString path = name == Index ? u"/"_s : u'/' + name;
        files.push_back({path.toStdString(), contentTypeOf(name), file.readAll().toStdString()});
    }
    return files;
}

void addWebRoutes(Router &router, const Hub &hub, std::vector<WebFile> files)
{
    for (WebFile &file : files) {
        Route route;
        route.method = "GET";
        route.pattern = file.path;
        route.handler = withinInfoRate(
            hub, [file = std::move(file)](const HttpRequest &request, const Respond &respond) {
                respond(answerTo(request, file));
            });
        router.add(std::move(route));
    }
}

} // namespace Dispatch
