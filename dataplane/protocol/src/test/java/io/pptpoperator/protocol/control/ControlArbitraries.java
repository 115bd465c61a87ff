package io.pptpoperator.protocol.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Random messages, and random bytes that resemble them. */
public final class ControlArbitraries extends DomainContextBase {

    /** Messages of every type, with every value a field can hold: any bytes are a message's body. */
    @Provide
    static Arbitrary<ControlMessage> messages() {
        Arbitrary<Byte> uniform = Arbitraries.bytes().withDistribution(RandomDistribution.uniform());
        Arbitrary<Byte> bytes = Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.of((byte) 0)),
                Tuple.of(1, Arbitraries.of((byte) 0xFF)), Tuple.of(20, uniform));
        return Arbitraries.of(ControlMessageType.class)
                .flatMap(type -> bytes.array(byte[].class)
                        .ofSize(type.length() - ControlHeader.LENGTH)
                        .map(body -> ControlMessageCodec.decodeBody(type, ByteBuffer.wrap(body))))
                .withoutEdgeCases();
    }

    /** Byte strings that are random, or messages of which some bytes were changed and some are missing. */
    public static Arbitrary<byte[]> hostileBytes() {
        Arbitrary<byte[]> random = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<byte[]> mutated = Combinators
                .combine(messages().list().ofMinSize(1).ofMaxSize(4),
                        Arbitraries.integers().between(0, 900).list().ofMaxSize(3), Arbitraries.bytes(),
                        Arbitraries.integers().between(0, 11))
                .as((messages, places, value, missing) -> {
                    byte[] stream = stream(messages);
                    places.forEach(place -> stream[place % stream.length] = value);
                    return Arrays.copyOf(stream, stream.length - missing);
                });
        return Arbitraries.oneOf(List.of(random, mutated)).withoutEdgeCases();
    }

    /** The bytes of messages that follow each other. */
    static byte[] stream(List<ControlMessage> messages) {
        var out = new ByteArrayOutputStream();
        messages.forEach(message -> out.writeBytes(ControlMessageCodec.encode(message)));
        return out.toByteArray();
    }
}
