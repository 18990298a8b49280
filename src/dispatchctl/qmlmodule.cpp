// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmlmodule_p.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qlibraryinfo.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

constexpr qint64 MaximumBytes = 64 * 1024;

/// What the lines of a qmldir file say.
struct QmlDir {
    QString module;
    QStringList plugins;
    QString pluginFolder; ///< beside the file, if empty
};

QmlDir readQmlDir(QFile &file)
{
    QmlDir result;
    for (const QByteArray &line : file.read(MaximumBytes).split('\n')) {
        QStringList words = QString::fromUtf8(line).simplified().split(u' ');
        if (words.first() == "optional"_L1)
            words.removeFirst();
        if (words.value(0) == "module"_L1)
            result.module = words.value(1);
        if (words.value(0) == "plugin"_L1) {
            result.plugins += words.value(1);
            result.pluginFolder = words.value(2);
        }
    }
    return result;
}

bool hasPlugin(const QDir &folder, const QString &name)
{
    const QStringList files{u"lib%1.so"_s.arg(name), u"lib%1.dylib"_s.arg(name), name + u".dll"_s};
    return std::ranges::any_of(files, [&](const QString &file) { return folder.exists(file); });
}

QString problemOf(const QDir &folder)
{
    QFile file(folder.filePath(u"qmldir"_s));
    if (!file.open(QIODevice::ReadOnly))
        return u"qmldir can't be read: "_s + file.errorString();
    const QmlDir content = readQmlDir(file);
    if (content.module != "Dispatch"_L1)
        return u"qmldir is that of another module, '%1'"_s.arg(content.module);
    if (content.plugins.isEmpty())
        return u"qmldir names no plugin"_s;
    const QDir pluginFolder(folder.filePath(content.pluginFolder));
    for (const QString &name : content.plugins) {
        if (!hasPlugin(pluginFolder, name))
            return u"the plugin '%1' is missing"_s.arg(name);
    }
    return {};
}

} // namespace

QmlModule findQmlModule(const QStringList &importPaths, const QStringList &others)
{
    const auto find = [](const QStringList &paths, bool isOnPath) {
        for (const QString &path : paths) {
            const QDir folder(QDir(path).filePath(u"Dispatch"_s));
            if (folder.exists(u"qmldir"_s))
                return QmlModule{QDir::cleanPath(path), QDir::cleanPath(folder.path()), isOnPath,
                                 problemOf(folder)};
        }
        return QmlModule{};
    };
    if (const QmlModule module = find(importPaths, true); !module.folder.isEmpty())
        return module;
    // One that Qt does not find does no harm by being broken.
    const QmlModule module = find(others, false);
    return module.problem.isEmpty() ? module : QmlModule{};
}

QStringList qmlImportPaths(const QProcessEnvironment &environment)
{
    QStringList paths;
    for (const QString &variable : {u"QML_IMPORT_PATH"_s, u"QML2_IMPORT_PATH"_s})
        paths += environment.value(variable).split(QDir::listSeparator(), Qt::SkipEmptyParts);
    return paths << QLibraryInfo::path(QLibraryInfo::QmlImportsPath);
}

} // namespace Dispatch::Ctl
