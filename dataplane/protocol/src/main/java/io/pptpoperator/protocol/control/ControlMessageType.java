package io.pptpoperator.protocol.control;

import java.util.Optional;

/** The control messages' numbers (RFC 2637 section 1.4) and their fixed lengths (sections 2.1 to 2.15). */
public enum ControlMessageType {
    /** Section 2.1. */
    START_CONTROL_CONNECTION_REQUEST(1, 156, "Start-Control-Connection-Request"),
    /** Section 2.2. */
    START_CONTROL_CONNECTION_REPLY(2, 156, "Start-Control-Connection-Reply"),
    /** Section 2.3. */
    STOP_CONTROL_CONNECTION_REQUEST(3, 16, "Stop-Control-Connection-Request"),
    /** Section 2.4. */
    STOP_CONTROL_CONNECTION_REPLY(4, 16, "Stop-Control-Connection-Reply"),
    /** Section 2.5. */
    ECHO_REQUEST(5, 16, "Echo-Request"),
    /** Section 2.6. */
    ECHO_REPLY(6, 20, "Echo-Reply"),
    /** Section 2.7. */
    OUTGOING_CALL_REQUEST(7, 168, "Outgoing-Call-Request"),
    /** Section 2.8. */
    OUTGOING_CALL_REPLY(8, 32, "Outgoing-Call-Reply"),
    /** Section 2.9. */
    INCOMING_CALL_REQUEST(9, 220, "Incoming-Call-Request"),
    /** Section 2.10. */
    INCOMING_CALL_REPLY(10, 24, "Incoming-Call-Reply"),
    /** Section 2.11. */
    INCOMING_CALL_CONNECTED(11, 28, "Incoming-Call-Connected"),
    /** Section 2.12. */
    CALL_CLEAR_REQUEST(12, 16, "Call-Clear-Request"),
    /** Section 2.13. */
    CALL_DISCONNECT_NOTIFY(13, 148, "Call-Disconnect-Notify"),
    /** Section 2.14. */
    WAN_ERROR_NOTIFY(14, 40, "WAN-Error-Notify"),
    /** Section 2.15. */
    SET_LINK_INFO(15, 24, "Set-Link-Info");

    /** Bytes of the longest of them: Incoming-Call-Request. */
    static final int MAX_LENGTH = 220;

    private static final ControlMessageType[] BY_NUMBER = values();

    private final int number;
    private final int length;
    private final String label;

    ControlMessageType(int number, int length, String label) {
        this.number = number;
        this.length = length;
        this.label = label;
    }

    /** The type with this number, or empty when the RFC has none. */
    public static Optional<ControlMessageType> of(int number) {
        return number >= 1 && number <= BY_NUMBER.length ? Optional.of(BY_NUMBER[number - 1]) : Optional.empty();
    }

    /** The value of the Control Message Type field. */
    public int number() {
        return number;
    }

    /** Bytes of the whole message, header included; a message of this type never has another length. */
    public int length() {
        return length;
    }

    /** The RFC's name for it. */
    public String label() {
        return label;
    }
}
