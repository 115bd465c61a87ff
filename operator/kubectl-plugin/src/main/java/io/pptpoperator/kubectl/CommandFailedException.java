package io.pptpoperator.kubectl;

/** Ends a command with a sentence for people, {@link ExitStatus#NOT_DONE} and no stack trace. */
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Why the command ends.
     *
     * @param message a sentence that says what would be right; never a secret
     */
    public CommandFailedException(String message) {
        super(message);
    }
}
