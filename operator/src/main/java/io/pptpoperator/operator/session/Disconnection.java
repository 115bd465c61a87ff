package io.pptpoperator.operator.session;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.adminapi.SessionView;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * A person's order to end sessions of a VpnUser, given in an annotation. It names the time before which a session must
 * have begun, so that it can stay where it is: it ends what it was meant for, however often it is obeyed, and nothing
 * that begins later.
 *
 * @param before sessions that began earlier end
 * @param only the one of them to end, by its id or by the address that the client got; all when empty
 */
public record Disconnection(Instant before, Optional<String> only) {

    /** The annotation, such as {@code 2030-01-01T00:00:00Z}, or the same followed by a space and a session. */
    public static final String ANNOTATION = "pptp-operator.io/disconnect";

    /** The text of the annotation, when the user has it. */
    public static Optional<String> text(VpnUser user) {
        Map<String, String> annotations = user.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations == null ? null : annotations.get(ANNOTATION));
    }

    /**
     * Reads the annotation.
     *
     * @throws IllegalArgumentException when it is something else; the message is for people
     */
    public static Disconnection parse(String text) {
        String[] words = text.strip().split("\\s+", 2);
        try {
            return new Disconnection(Instant.parse(words[0]),
                    words.length < 2 ? Optional.empty() : Optional.of(words[1]));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "annotation " + ANNOTATION + ": '" + words[0] + "' is not a time such as 2030-01-01T00:00:00Z", e);
        }
    }

    /** The annotation's text, which {@link #parse} reads. */
    @Override
    public String toString() {
        return before + only.map(session -> " " + session).orElse("");
    }

    /** Whether a session of the user has to end. */
    public boolean ends(SessionView session) {
        return session.since().isBefore(before)
                && only.map(it -> it.equals(session.id()) || it.equals(session.address().toString())).orElse(true);

    }
}
