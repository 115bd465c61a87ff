package io.pptpoperator.dataplane.handover;

/** What a value in the bytes of a record is. */
final class RecordTag {
    static final int NOTHING = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    /** A long. */
    static final int NUMBER = 3;
    /** An int with the number of UTF-8 bytes, and those. */
    static final int TEXT = 4;
    /** An int with their number, and those. */
    static final int BYTES = 5;
    /** An int with their number, and the values. */
    static final int LIST = 6;
    /** An int with the number of pairs, and key and value of each. */
    static final int MAP = 7;
    /** A long with seconds, an int with nanoseconds. */
    static final int SECONDS = 8;
    /** A class of records for the first time: its name, a short with their number and the names of its components. */
    static final int NEW_RECORD = 9;
    /** A class of records that came before: a short with its place among those, and the values. */
    static final int RECORD = 10;

    private RecordTag() {}
}
