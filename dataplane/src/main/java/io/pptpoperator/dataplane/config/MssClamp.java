package io.pptpoperator.dataplane.config;

/** What happens to the maximum segment size that TCP connections through the server agree on. */
public sealed interface MssClamp {

    /** The one value of {@link Auto}. */
    MssClamp AUTO = new Auto();
    /** The one value of {@link Off}. */
    MssClamp OFF = new Off();

    /** Lowered to what the session's MTU can carry. */
    record Auto() implements MssClamp {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** Left alone. */
    record Off() implements MssClamp {
        @Override
        public String toString() {
            return "off";
        }
    }

    /**
     * Lowered to a number.
     *
     * @param bytes TCP payload per segment
     */
    record Fixed(int bytes) implements MssClamp {
        @Override
        public String toString() {
            return Integer.toString(bytes);
        }
    }
}
