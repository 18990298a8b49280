// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

class Stage;
class Transcript;

// Plays about what clients of a shard share.

void sharingAState(Stage &stage, Transcript &seen);
void changingSeveralKeysAtOnce(Stage &stage, Transcript &seen);
void owningAKey(Stage &stage, Transcript &seen);
void changingWhatAnotherOneChanged(Stage &stage, Transcript &seen);
void keysWhoseTimeIsOver(Stage &stage, Transcript &seen);
void aStateOutlastsALoss(Stage &stage, Transcript &seen);
