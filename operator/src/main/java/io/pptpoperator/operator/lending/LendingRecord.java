package io.pptpoperator.operator.lending;

import java.util.Map;

/**
 * What is written down of a server's lending, in its configuration Secret: how the pools are divided, and which files the
 * members were given with that.
 *
 * @param division how the pools are divided
 * @param digests SHA-256 of every file of the Secret, by its name
 */
public record LendingRecord(PoolDivision division, Map<String, String> digests) {

    /** The Secret's key with the division; see {@link PoolDivision#toText}. */
    public static final String KEY = "pools";

    /** Copies the map. */
    public LendingRecord {
        digests = Map.copyOf(digests);
    }

    /**
     * Reads the record.
     *
     * @param files the Secret's texts, by name
     * @param digests of them
     */
    public static LendingRecord of(Map<String, String> files, Map<String, String> digests) {
        return new LendingRecord(PoolDivision.parse(files.getOrDefault(KEY, "")), digests);
    }
}
