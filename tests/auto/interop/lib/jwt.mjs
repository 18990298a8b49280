// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import { createHmac } from 'node:crypto';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// A JSON Web Token signed with HS256.
export function signToken(claims, secret) {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

export function tokenFor(userId, projectId, secret) {
    const now = Math.floor(Date.now() / 1000);
    return signToken({ sub: userId, aud: projectId, iat: now, exp: now + 3600 }, secret);
}
