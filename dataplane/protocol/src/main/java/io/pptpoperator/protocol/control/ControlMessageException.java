package io.pptpoperator.protocol.control;

/** Bytes that are no PPTP control message, or a value that does not fit into its field. Names both. */
public final class ControlMessageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;
    private final long value;

    /**
     * Describes what is wrong.
     *
     * @param field the field's name in RFC 2637
     * @param value what it held
     * @param right what would have been right, to complete the sentence "… would be right"
     */
    public ControlMessageException(String field, long value, String right) {
        super(field + " is " + value + " (0x" + Long.toHexString(value) + "); " + right + " would be right");
        this.field = field;
        this.value = value;
    }

    /** The wrong field's name in RFC 2637. */
    public String field() {
        return field;
    }

    /** What the field held. */
    public long value() {
        return value;
    }
}
