package io.pptpoperator.kubectl;

/** What the program's end says to scripts. Picocli uses 2 for wrong usage. */
public final class ExitStatus {

    /** Done; with doctor: nothing was found that keeps clients out. */
    public static final int OK = 0;
    /** There is no such thing, it was not done, or doctor found something. */
    public static final int NOT_DONE = 1;
    /** The cluster cannot be asked, or refuses. */
    public static final int NO_CLUSTER = 3;

    private ExitStatus() {}
}
