package io.pptpoperator.operator.roster;

import io.fabric8.kubernetes.api.model.Secret;
import io.pptpoperator.crds.PptpServer;
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
    public static final String VALUE = SecretMark.VALUE;

    private static final SecretMark MARK = new SecretMark(LABEL);

    private PasswordMark() {}

    /** Whether a Secret is there for VpnUsers: it has the mark, or an earlier release made it for one. */
    public static boolean isOn(Secret secret) {
        return isIn(secret.getMetadata().getLabels()) || secret.getMetadata()
                .getOwnerReferences()
                .stream()
                .anyMatch(it -> Boolean.TRUE.equals(it.getController()) && it.getKind().equals("VpnUser")
                        && it.getApiVersion().startsWith(PptpServer.GROUP + "/"));
    }

    /** Whether an object with these labels has the mark. */
    public static boolean isIn(Map<String, String> labels) {
        return MARK.isIn(labels);
    }

    /** The command that marks a Secret. */
    public static String command(ObjectKey secret) {
        return MARK.command(secret);
    }
}
