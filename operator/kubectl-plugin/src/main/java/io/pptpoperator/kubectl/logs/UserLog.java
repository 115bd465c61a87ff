package io.pptpoperator.kubectl.logs;

import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;

/** Picks one user's lines out of a pod's log, and writes them for people. Lines have to come in their order. */
public final class UserLog {

    private final String username;
    private final Set<String> sessions = new HashSet<>();

    /**
     * The lines of a user.
     *
     * @param username what it logs in with
     */
    public UserLog(String username) {
        this.username = username;
    }

    /** Whether a line is about the user: it names it, or one of its sessions. */
    public boolean concerns(LogLine line) {
        String session = line.values().get("session");
        if (isUser(line.values().get("user"))) {
            if (session != null) {
                sessions.add(session);
            }
            return true;
        }
        return session != null && sessions.contains(session);
    }

    /** A client may put a domain before the name, or a realm behind it. */
    private boolean isUser(String logged) {
        return logged != null
                && (logged.equals(username) || logged.endsWith('\\' + username) || logged.startsWith(username + '@'));
    }

    /** One line for people; the user's name is not repeated. */
    String text(String pod, LogLine line) {
        var text = new StringJoiner(" ").add(line.time()).add(pod).add(line.message());
        line.values().forEach((key, value) -> {
            if (!value.isEmpty() && !(key.equals("user") && value.equals(username))) {
                text.add(key + "=" + (value.indexOf(' ') < 0 ? value : '"' + value + '"'));
            }
        });
        return text.toString().replaceAll("\\p{Cntrl}", "?");
    }
}
