package io.pptpoperator.dataplane.config.setting;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What stands behind a key, or behind several: how it is read, checked, written, changed and described. */
sealed interface Kind permits ValueKind, ListKind, SectionKind, SectionsKind, ChoiceKind {

    /** The keys that it takes in the section around it. */
    List<String> keys();

    /** Whether a secret may stand right behind one of its keys. */
    boolean isSecret();

    /** Whether there may be a secret anywhere in it. */
    default boolean holdsSecrets() {
        return isSecret();
    }

    /** What the file says; what cannot be read is complained about and replaced by the default. */
    Object read(Keys in);

    /** Complains about what is out of bounds. */
    void check(Object value, Place around, Complaints complaints);

    /** Adds what stands in a file, unless it is the default. */
    void write(Object value, Map<String, Object> into);

    /**
     * What a running server goes on with.
     *
     * @param fixed whether it is something that only a restart changes
     * @param complaints told of each setting that stays
     */
    default Object change(Object running, Object wanted, boolean fixed, Place around, Complaints complaints) {
        if (!fixed || running.equals(wanted)) {
            return wanted;
        }
        complaints.add(around.key(keys().getFirst()), "stays " + text(running) + " until the server is restarted; "
                + text(wanted) + " cannot be set while it runs");
        return running;
    }

    /** A value as people read it; never a secret. */
    String text(Object value);

    /** Tells about each setting. */
    void describe(Place around, boolean fixed, Consumer<SettingText> each);
}
