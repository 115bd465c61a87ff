package io.pptpoperator.operator.pptpdimport;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a file is the configuration of, known by its content. */
enum SourceKind {
    PPTPD, VYOS, ROUTEROS, ACCEL_PPP;

    private static final Pattern PPTPD_KEYWORD = Pattern
            .compile("(?m)^(localip|remoteip|option|delegate|ppp|connections|"
                    + "listen|logwtmp|stimeout|bcrelay|noipparam|pidfile|speed|debug|vrf)([ \\t].*)?$");
    private static final Pattern SECTION = Pattern.compile("(?m)^\\[(modules|pptp|ppp|core)\\]\\s*$");
    private static final Pattern MENU = Pattern
            .compile("(?m)^/?(ppp (secret|profile|aaa)|interface pptp-server|ip pool)\\b");

    /** The kind; empty when it is none. */
    static Optional<SourceKind> of(SourceFile file) {
        String text = file.text();
        if (VyosConfig.isOne(text)) {
            return Optional.of(VYOS);
        }
        if (SECTION.matcher(text).find()) {
            return Optional.of(ACCEL_PPP);
        }
        if (MENU.matcher(text).find()) {
            return Optional.of(ROUTEROS);
        }
        return PPTPD_KEYWORD.matcher(text).find() ? Optional.of(PPTPD) : Optional.empty();
    }
}
