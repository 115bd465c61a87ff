package io.pptpoperator.dataplane.yaml;

/** A text is not YAML of the kind that is wanted; the message never quotes it, because it may be a password. */
public final class YamlException extends Exception {
    private static final long serialVersionUID = 1;
    private final int line;

    YamlException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** The line, the first one is 1; 0 when it is not known. */
    public int line() {
        return line;
    }
}
