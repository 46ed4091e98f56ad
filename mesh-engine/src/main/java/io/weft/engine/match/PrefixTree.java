package io.weft.engine.match;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A radix tree of path prefixes. Built by one thread, then only read. */
final class PrefixTree {

    private static final int[] NO_ROUTES = {};

    private final Node root = new Node("", 0);

    Node root() {
        return root;
    }

    /** Adds a prefix, at most once each. */
    void add(String prefix, int[] routes) {
        Node node = root;
        while (node.depth < prefix.length()) {
            int slot = node.slot(prefix.charAt(node.depth));
            if (slot < 0) {
                Node leaf = new Node(prefix.substring(node.depth), prefix.length());
                leaf.routes = routes;
                node.insert(-slot - 1, leaf);
                return;
            }
            Node child = node.children[slot];
            int common = commonLength(child.label, prefix, node.depth);
            node = common == child.label.length() ? child : node.split(slot, common);
        }
        node.routes = routes;
    }

    private static int commonLength(String label, String prefix, int offset) {
        int length = Math.min(label.length(), prefix.length() - offset);
        int common = 0;
        while (common < length && label.charAt(common) == prefix.charAt(offset + common)) {
            common++;
        }
        return common;
    }

    /** The routes of one prefix, and longer prefixes below it. */
    static final class Node {
        private String label;
        private final int depth;
        private int[] routes = NO_ROUTES;
        private char[] firsts = {};
        private Node[] children = {};

        private Node(String label, int depth) {
            this.label = label;
            this.depth = depth;
        }

        int[] routes() {
            return routes;
        }

        /** The next longer prefix of the path, or null. */
        @Nullable Node next(String path) {
            if (depth >= path.length()) {
                return null;
            }
            int slot = slot(path.charAt(depth));
            if (slot < 0) {
                return null;
            }
            Node child = children[slot];
            return path.startsWith(child.label, depth) ? child : null;
        }

        private int slot(char first) {
            return Arrays.binarySearch(firsts, first);
        }

        private void insert(int at, Node child) {
            char[] newFirsts = new char[firsts.length + 1];
            Node[] newChildren = new Node[newFirsts.length];
            System.arraycopy(firsts, 0, newFirsts, 0, at);
            System.arraycopy(children, 0, newChildren, 0, at);
            newFirsts[at] = child.label.charAt(0);
            newChildren[at] = child;
            System.arraycopy(firsts, at, newFirsts, at + 1, firsts.length - at);
            System.arraycopy(children, at, newChildren, at + 1, children.length - at);
            firsts = newFirsts;
            children = newChildren;
        }

        /** Puts a node between this one and a child, {@code common} characters down. */
        private Node split(int slot, int common) {
            Node child = children[slot];
            Node between = new Node(child.label.substring(0, common), depth + common);
            child.label = child.label.substring(common);
            between.insert(0, child);
            children[slot] = between;
            return between;
        }
    }
}
