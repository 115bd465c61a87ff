package io.pptpoperator.operator.roster;

import io.pptpoperator.operator.ObjectKey;
import java.util.Map;

/**
 * The label by which people say that a Secret is there for VpnUsers. Without it no Secret is read for one: whoever may
 * write VpnUsers, and not read Secrets, could have any of them handed to a server of theirs.
 */
public final class PasswordMark {

    /** The label. */
    public static final String LABEL = "pptp-operator.io/password";
    /** The one value that counts. */
    public static final String VALUE = "true";

    private PasswordMark() {}

    /** Whether an object with these labels has the mark. */
    public static boolean isIn(Map<String, String> labels) {
        return labels != null && VALUE.equals(labels.get(LABEL));
    }

    /** The command that marks a Secret. */
    public static String command(ObjectKey secret) {
        return "kubectl label secret -n " + secret.namespace() + " " + secret.name() + " " + LABEL + "="
                + VALUE;
    }
}
