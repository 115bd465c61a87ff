package io.pptpoperator.dataplane.config.setting;

/** Takes what is wrong with settings, so that one pass finds everything. */
@FunctionalInterface
public interface Complaints {

    /**
     * Takes one.
     *
     * @param message what is wrong and what would be right; never a secret
     */
    void add(Place place, String message);

    /** Takes one about what stands on a line, and may not be named. */
    default void addAt(int line, Place place, String message) {
        add(place, message);
    }
}
