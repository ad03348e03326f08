//! An enum's variant named in one place, its content standing in another.

use std::marker::PhantomData;

use serde::{
    Deserializer,
    de::{
        self, DeserializeSeed, EnumAccess, IntoDeserializer, VariantAccess, Visitor,
        value::StrDeserializer,
    },
    forward_to_deserialize_any,
};

/// Lets an enum read itself as the variant `name` with the content `data`.
pub(super) struct ByName<'n, D> {
    pub(super) name: &'n str,
    pub(super) data: D,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ByName<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, D::Error> {
        Err(de::Error::custom("an event is one of several, told apart by name"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de, 'n, D: Deserializer<'de>> EnumAccess<'de> for ByName<'n, D> {
    type Error = D::Error;
    type Variant = Content<'de, D>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), D::Error> {
        let name: StrDeserializer<'n, D::Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Content { data: self.data, lifetime: PhantomData }))
    }
}

pub(super) struct Content<'de, D> {
    data: D,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, D: Deserializer<'de>> VariantAccess<'de> for Content<'de, D> {
    type Error = D::Error;

    fn unit_variant(self) -> Result<(), D::Error> {
        de::Deserialize::deserialize(self.data)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, D::Error> {
        seed.deserialize(self.data)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.data.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // As a map: an array of the fields in their order is not how an event is stored.
        self.data.deserialize_map(visitor)
    }
}

/// The stored names of one subject's events, as its enum tells them to whoever reads it.
pub(super) fn variants(category: &str) -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Nothing is read: the enum says its names, and is told that there is nothing.
    let read = domain::event::Event::deserialize_as(category, Asked(&mut names));
    debug_assert!(read.is_none_or(|read| read.is_err()), "nothing was there to be read");
    names
}

struct Asked<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("there is nothing to read"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = variants;
        Err(de::Error::custom("there is nothing to read"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
