//! What was used lately, and no more than so many.

use std::{collections::HashMap, hash::Hash, mem};

/// Two generations: when the young one is full it becomes the old one, and what was not used
/// meanwhile is forgotten. Every step costs one look-up, and no list is kept in order.
#[derive(Debug)]
pub struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// Keeps between `most` and twice as many.
    pub fn new(most: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), most }
    }

    /// What is under a key.
    pub fn get(&mut self, key: &K) -> Option<V> {
        self.find(key).cloned()
    }

    /// The same, to be changed where it lies.
    pub fn find(&mut self, key: &K) -> Option<&mut V> {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.put(key, value);
        }
        self.young.get_mut(key)
    }

    /// Puts something under a key.
    pub fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.most && !self.young.contains_key(&key) {
            self.old = mem::take(&mut self.young);
        }
        self.old.remove(&key);
        self.young.insert(key, value);
    }

    /// Forgets what is under a key, and answers what it was.
    pub fn forget(&mut self, key: &K) -> Option<V> {
        let old = self.old.remove(key);
        self.young.remove(key).or(old)
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn forgets_what_was_not_used() {
        let mut recent = Recent::new(2);
        for number in 0..3 {
            recent.put(number, number);
        }
        assert_eq!(recent.get(&0), Some(0), "used again");
        recent.put(3, 3);
        assert_eq!(
            [0, 1, 2, 3].map(|number| recent.get(&number)),
            [Some(0), None, Some(2), Some(3)]
        );
        assert_eq!(recent.forget(&0), Some(0));
        assert_eq!(recent.get(&0), None);
    }
}
