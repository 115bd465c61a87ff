package io.pptpoperator.operator.roster;

import io.pptpoperator.operator.ObjectKey;
import java.util.Map;

/**
 * A label by which people say what a Secret is there for. Without it no Secret is read for that: whoever may write
 * resources, and not read Secrets, could have any of them handed to a server of theirs.
 *
 * @param label the label
 */
public record SecretMark(String label) {

    /** For RADIUS servers: shared secrets and certificates. */
    public static final SecretMark RADIUS = new SecretMark("pptp-operator.io/radius");

    /** The one value that counts. */
    public static final String VALUE = "true";

    /** Whether an object with these labels has the mark. */
    public boolean isIn(Map<String, String> labels) {
        return labels != null && VALUE.equals(labels.get(label));
    }

    /** The command that marks a Secret. */
    public String command(ObjectKey secret) {
        return "kubectl label secret -n " + secret.namespace() + " " + secret.name() + " " + label + "=" + VALUE;
    }
}
