package io.pptpoperator.dataplane.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Memory outside the heap that both Java (through {@link #buffer()}) and the kernel (through {@link #address()}) use.
 * It lives as long as this object is reachable: keep a reference while a system call works on the address.
 */
public final class NativeBuffer {

    /** The largest page of the architectures that this runs on. */
    private static final int PAGE = 65_536;

    private final ByteBuffer buffer;
    private final long address;

    private NativeBuffer(ByteBuffer buffer) {
        this.buffer = buffer;
        this.address = Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    /** {@code size} zero bytes, in network order (big-endian), the address a multiple of 64. */
    public static NativeBuffer ofPackets(int size) {
        return new NativeBuffer(allocate(size).order(ByteOrder.BIG_ENDIAN));
    }

    /** {@code size} zero bytes in the machine's order, for a C structure, the address a multiple of 64. */
    static NativeBuffer ofStructure(int size) {
        return new NativeBuffer(allocate(size).order(ByteOrder.nativeOrder()));
    }

    /** {@code size} zero bytes in network order that begin where a page of memory begins. */
    static NativeBuffer ofPages(int size) {
        return new NativeBuffer(
                ByteBuffer.allocateDirect(size + PAGE).alignedSlice(PAGE).slice(0, size).order(ByteOrder.BIG_ENDIAN));
    }

    /** A C string: {@code text} in UTF-8 and a zero byte. */
    static NativeBuffer ofString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        NativeBuffer string = ofStructure(bytes.length + 1);
        string.buffer.put(0, bytes);
        return string;
    }

    private static ByteBuffer allocate(int size) {
        int cacheLine = 64;
        int wholeLines = Math.ceilDiv(size, cacheLine) * cacheLine;
        return ByteBuffer.allocateDirect(wholeLines + cacheLine).alignedSlice(cacheLine).slice(0, size);
    }

    /** The memory, for absolute access; its position and limit span all of it. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Address of its first byte. */
    public long address() {
        return address;
    }

    /** Size in bytes. */
    public int size() {
        return buffer.capacity();
    }
}
