// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstring.h>

#include <string>
#include <variant>
#include <vector>

namespace Dispatch {

class Hub;
class Router;

/// A file that browsers are given.
struct WebFile {
    std::string path; ///< "/app.js"; "/" is index.html
    std::string contentType;
    std::string content;
};

/// The files of \a folder (none, if that is empty), or why they can't be served, as a sentence.
/// Those in folders below it and hidden ones are left out.
std::variant<std::vector<WebFile>, QString> readWebFolder(const QString &folder);

/// Serves \a files, within the rate that GET /info has.
void addWebRoutes(Router &router, const Hub &hub, std::vector<WebFile> files);

} // namespace Dispatch
