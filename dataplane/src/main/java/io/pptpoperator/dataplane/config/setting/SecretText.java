package io.pptpoperator.dataplane.config.setting;

/**
 * A text that nothing may show: no log, no status, no message.
 *
 * @param value the text
 */
public record SecretText(String value) {

    @Override
    public String toString() {
        return "SecretText[***]";
    }
}
