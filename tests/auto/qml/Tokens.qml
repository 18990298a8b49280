// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml

/// Made with the secret of DispatchTestCase's server; good until the year 2100.
QtObject {
    /// {"alg":"HS256","typ":"JWT"} {"aud":"qml-tests","sub":"ann","exp":4102444800}
    readonly property string annOfQmlTests: "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJxbWwtdGVzdHMiLCJzdWIiOiJhbm4iLCJleHAiOjQxMDI0NDQ4MDB9.iLEmQjjR7Fbkltn6gGZT1uWmeF6r6894PF3emm_VVUM"
}
