package io.weft.blog.api;

import java.util.List;

/**
 * A page of articles, the newest first.
 *
 * @param page counted from 0
 * @param size the most items that a page has
 * @param total how many articles there are on all pages
 */
record ArticlePage(List<ArticleView> items, int page, int size, long total) {}
