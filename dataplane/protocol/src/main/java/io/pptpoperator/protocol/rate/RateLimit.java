package io.pptpoperator.protocol.rate;

/**
 * How fast a session may be.
 *
 * @param upload bits per second from the client, 0: any
 * @param download bits per second to the client, 0: any
 * @param uploadBurst bytes that may pass at once beyond that, 0: as the data plane judges
 * @param downloadBurst as {@code uploadBurst}
 */
public record RateLimit(long upload, long download, long uploadBurst, long downloadBurst) {

    /** Checks that none is negative. */
    public RateLimit {
        if (upload < 0 || download < 0 || uploadBurst < 0 || downloadBurst < 0) {
            throw new IllegalArgumentException("a rate limit of " + upload + " up and " + download
                    + " down with bursts of " + uploadBurst + " and " + downloadBurst + " is below 0");
        }
    }

    /** Both rates in short, the upload first, such as {@code 2M/10M}; {@code any} for one that is not limited. */
    public String text() {
        return text(upload) + "/" + text(download);
    }

    private static String text(long rate) {
        return rate == 0 ? "any" : BitRate.text(rate);
    }
}
