package io.pptpoperator.protocol.control;

import io.pptpoperator.protocol.control.ControlAction.Note;
import java.util.Optional;

/** Limits how many {@link Note}s one connection causes, so that no peer can fill the log. */
final class NoteLimit {

    static final int MAX_NOTES = 16;

    private int count;

    NoteLimit(int count) {
        this.count = count;
    }

    int count() {
        return count;
    }

    /** The note to return, or empty once there have been enough. */
    Optional<Note> note(String text) {
        if (count == MAX_NOTES) {
            return Optional.empty();
        }
        count++;
        return Optional.of(new Note(count < MAX_NOTES ? text : text + "; no more is reported of this connection"));
    }
}
