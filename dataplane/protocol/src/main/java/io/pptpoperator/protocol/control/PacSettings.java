package io.pptpoperator.protocol.control;

/**
 * How the server presents itself, and how patient it is. All times are milliseconds.
 *
 * @param hostName goes into the Start-Control-Connection-Reply
 * @param echoInterval after this much silence an Echo-Request is sent, and after as much again the connection is
 *     closed; 0 means never
 * @param establishTimeout how long a client may take to open the control connection, and then again to ask for a call
 * @param stopTimeout how long a Stop-Control-Connection-Reply is waited for
 */
public record PacSettings(String hostName, long echoInterval, long establishTimeout, long stopTimeout) {

    /** The times of RFC 2637 section 3.1.4; for the last, which the RFC leaves at 60 s, the 5 s other servers use. */
    public static PacSettings defaults(String hostName) {
        return new PacSettings(hostName, 60_000, 60_000, 5_000);
    }
}
